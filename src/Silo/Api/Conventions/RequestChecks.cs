using System.Reflection;
using System.Text;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Problems;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace ComodCluster.Silo.Api.Conventions;

/// <summary>What is refused of any request: parameters that its route does not know, JSON in unknown letters.</summary>
public static class RequestChecks
{
    public static IApplicationBuilder UseRequestChecks(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                if (context.Request.QueryString.HasValue && context.GetEndpoint() is RouteEndpoint route)
                    CheckQuery(context.Request.Query, route);
                CheckCharset(context.Request);
                return next(context);
            }
        );

    private static void CheckQuery(IQueryCollection query, RouteEndpoint route)
    {
        // A route that is no handler of ours says nothing about its parameters.
        if (route.Metadata.GetMetadata<MethodInfo>() is null)
            return;
        var known = route
            .Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .Where(parameter => IsQuery(parameter, route))
            .Select(parameter => parameter.Name)
            .ToArray();
        if (query.Keys.FirstOrDefault(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase)) is not { } unknown)
            return;
        throw new ComodException(
            ErrorCodes.RequestInvalid,
            StatusCodes.Status400BadRequest,
            $"'{unknown}' is no parameter of {route.RoutePattern.RawText}; "
                + (
                    NearestName.Of(unknown, known) is { } near ? $"the nearest is '{near}'."
                    : known.Length > 0 ? $"it takes {string.Join(", ", known)}."
                    : "it takes none."
                )
        );
    }

    private static bool IsQuery(IParameterBindingMetadata parameter, RouteEndpoint route) =>
        (parameter.HasTryParse || parameter.ParameterInfo.ParameterType == typeof(string))
        && route.RoutePattern.GetParameter(parameter.Name) is null
        && !parameter.ParameterInfo.GetCustomAttributes().Any(a => a is IFromHeaderMetadata or IFromServiceMetadata);

    private static void CheckCharset(HttpRequest request)
    {
        if (
            request.HasJsonContentType()
            && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && HeaderUtilities.RemoveQuotes(type.Charset) is { Length: > 0 } charset
            && !IsKnown(charset.ToString())
        )
            throw new RefusalException(
                new(
                    HttpCodes.MediaTypeUnsupported,
                    StatusCodes.Status415UnsupportedMediaType,
                    $"The silo reads no JSON in the character set '{charset}'; send UTF-8, which needs no charset."
                )
            );
    }

    private static bool IsKnown(string charset)
    {
        try
        {
            return Encoding.GetEncoding(charset) is not null;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
