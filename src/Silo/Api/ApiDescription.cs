using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using ComodCluster.Api.Tasks;
using ComodCluster.Engine.Tasks;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ComodCluster.Silo.Api;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>.</summary>
public static class ApiDescription
{
    public static IServiceCollection AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi(
            "v1",
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.AddDocumentTransformer(
                    (document, _, _) =>
                    {
                        document.Info = new OpenApiInfo
                        {
                            Title = "ComodCluster",
                            Version = "v1",
                            Description =
                                "One frozen backbone, thousands of tasks: each task is adapted by stochastic "
                                + "comodulation from a few labelled images, and its whole state is a few "
                                + "kilobytes. "
                                + "Long work is a job: the answer is 202 with its address. Errors are RFC 9457 "
                                + "problems with a stable `code`.",
                        };
                        document.Servers = [];
                        return Task.CompletedTask;
                    }
                );
                options.AddOperationTransformer(
                    (operation, _, _) =>
                    {
                        foreach (var (status, response) in operation.Responses ?? [])
                            if (response is OpenApiResponse problem && status[0] is '4' or '5')
                                DescribeProblem(problem: (OpenApiResponse)response, status);
                        return Task.CompletedTask;
                    }
                );
                options.AddSchemaTransformer(DescribeProblemSchema);
                options.AddSchemaTransformer(LeaveOutReserved);
                options.AddSchemaTransformer(DescribeSettings);
            }
        );

    private static void DescribeProblem(OpenApiResponse problem, string status) =>
        problem.Description = status switch
        {
            "400" => "The request cannot be read: a member, a name or a parameter is wrong.",
            "404" => "There is nothing of that name.",
            "409" => "It conflicts with what there is; `code` and `detail` say how.",
            "413" => "An image, an archive or the body is too large.",
            "415" => "The route takes another content type.",
            "422" => "The content cannot be used; `code` and `detail` say why.",
            "429" => "The queue is full; try again after Retry-After.",
            "503" => "No worker, or no storage, at the moment.",
            "507" => "The disk of the silo is full.",
            _ => problem.Description,
        };

    /// <summary>Range, values and default of each setting, from the engine's table.</summary>
    private static Task DescribeSettings(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellation
    )
    {
        if (context.JsonTypeInfo.Type != typeof(MethodOptions))
            return Task.CompletedTask;
        foreach (var setting in SettingTable.All)
        {
            if (
                schema.Properties?.TryGetValue(setting.Name, out var property) != true
                || property is not OpenApiSchema member
            )
                continue;
            member.Description = $"{setting.Doc} [{setting.Default}].";
            // The range of a mean of either sign has a gap.
            if (setting.OfEitherSign)
                continue;
            var (least, most) = (Text(setting.Least), Text(setting.Most));
            if (setting.AboveLeast)
                member.ExclusiveMinimum = least;
            else
                member.Minimum = least;
            member.Maximum = most;
            if (setting.Type == SettingType.WholeNumber && setting.Choices.Count > 0)
                member.Enum =
                [
                    .. setting.Choices.Select(c => JsonValue.Create(int.Parse(c, CultureInfo.InvariantCulture))),
                ];
            if (double.TryParse(setting.Default, CultureInfo.InvariantCulture, out var usual))
                member.Default = JsonValue.Create(usual);
        }
        return Task.CompletedTask;

        static string? Text(double? bound) => bound?.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Members that nobody can set are read only so that they can be refused by name.</summary>
    private static Task LeaveOutReserved(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellation
    )
    {
        foreach (
            var member in context.JsonTypeInfo.Properties.Where(p =>
                p.AttributeProvider is PropertyInfo { GetMethod.IsPublic: false }
            )
        )
            schema.Properties?.Remove(member.Name);
        return Task.CompletedTask;
    }

    private static Task DescribeProblemSchema(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellation
    )
    {
        if (context.JsonTypeInfo.Type == typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))
        {
            schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
            schema.Properties["code"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "Stable, lower-case, hyphenated.",
            };
            schema.Properties["traceId"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "Finds the request in the silo's log.",
            };
        }
        return Task.CompletedTask;
    }
}
