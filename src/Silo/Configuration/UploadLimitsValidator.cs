namespace ComodCluster.Silo.Configuration;

public sealed class UploadLimitsValidator() : SectionValidator<UploadLimits>(UploadLimits.Section);
