using System.Net;
using System.Net.Http.Headers;

namespace ComodCluster.Silo.Tests.Cluster;

/// <summary>The largest bodies, on their way from a gateway to a worker.</summary>
[Collection(SharedCluster.Name)]
public class MessageLimitTests(SharedCluster shared)
{
    private const int ImageBytes = 19_900_000;

    [Fact]
    public async Task Predict_LargestBody_ReachesTheWorkerAndALargerOneIs413()
    {
        var cluster = await shared.Whole();
        await cluster.Client.PutTinyTask("large");
        // The worker decodes: what it says of the bytes shows that they came to it.
        await (await Predict(cluster.Client, images: 5)).ShouldBeProblem(
            HttpStatusCode.UnprocessableEntity,
            "image-unreadable"
        );
        await (await Predict(cluster.Client, images: 6)).ShouldBeProblem(
            HttpStatusCode.RequestEntityTooLarge,
            "upload-too-large"
        );
        await cluster.Client.Predicted("large", TinyWorld.Png(0, 0));
    }

    private static async Task<HttpResponseMessage> Predict(HttpClient client, int images)
    {
        using var form = new MultipartFormDataContent();
        var image = new byte[ImageBytes];
        for (var i = 0; i < images; i++)
            form.Add(
                new ByteArrayContent(image) { Headers = { ContentType = MediaTypeHeaderValue.Parse("image/png") } },
                "image"
            );
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/tasks/large/predict")
        {
            Content = form,
            Headers = { ExpectContinue = true },
        };
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
