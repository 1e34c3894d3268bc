namespace ComodCluster.Silo.Api.Limits;

public static class AdmissionExtensions
{
    public static IApplicationBuilder UseAdmission(this IApplicationBuilder app)
    {
        var admission = app.ApplicationServices.GetRequiredService<Admission>();
        return app.Use(next => context => admission.Invoke(context, next));
    }
}
