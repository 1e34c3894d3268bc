using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Telemetry;
using Microsoft.AspNetCore.Http.Features;

namespace ComodCluster.Silo.Bodies;

public static class BodyExtensions
{
    public static IServiceCollection AddBodies(this IServiceCollection services) => services.AddSingleton<BodyBudget>();

    /// <summary>Every body comes at a pace, within the budget, and has the digest that its header says.</summary>
    public static IApplicationBuilder UseBodies(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        var limits = services.GetRequiredService<AdmissionLimits>();
        var budget = services.GetRequiredService<BodyBudget>();
        var instruments = services.GetRequiredService<AdmissionInstruments>();
        var time = services.GetRequiredService<TimeProvider>();
        return app.Use(next =>
            async context =>
            {
                if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
                {
                    await next(context);
                    return;
                }
                var streamed = context.GetEndpoint()?.Metadata.GetMetadata<StreamedBody>() is not null;
                if (!streamed && !FitsNow(context))
                {
                    instruments.BodyRefused();
                    throw IncomingBody.Full(budget);
                }
                await using var body = new IncomingBody(
                    context.Request.BodyReader,
                    BodyPace.Of(limits, streamed),
                    streamed ? null : budget,
                    instruments,
                    time
                );
                await using var read = ContentDigest.OfHeader(context.Request.Headers[ContentDigest.Header])
                    is { } digest
                    ? new DigestCheckedStream(body, digest)
                    : (Stream)body;
                context.Features.Set(body);
                context.Request.Body = read;
                await next(context);
            }
        );

        // One that is too long for its route at all is told so when it is read.
        bool FitsNow(HttpContext context) =>
            context.Request.ContentLength is not { } length
            || length > context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize
            || budget.HasRoomFor(length);
    }
}
