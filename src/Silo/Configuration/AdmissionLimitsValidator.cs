namespace ComodCluster.Silo.Configuration;

public sealed class AdmissionLimitsValidator() : SectionValidator<AdmissionLimits>(AdmissionLimits.Section);
