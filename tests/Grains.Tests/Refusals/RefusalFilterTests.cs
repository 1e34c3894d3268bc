using System.Reflection;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Grains.Refusals;
using ComodCluster.Grains.Storage.Faults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Serialization;

namespace ComodCluster.Grains.Tests.Refusals;

/// <summary>A refusal keeps its code on the way to another silo, whatever has caused it.</summary>
public class RefusalFilterTests
{
    public static TheoryData<Exception, string, string> Failures() =>
        new()
        {
            {
                Stored(new PostgresException("could not extend file", "ERROR", "ERROR", PostgresErrorCodes.DiskFull)),
                ErrorCodes.StorageFull,
                "53100: could not extend file"
            },
            {
                Stored(
                    new PostgresException(
                        "the database system is in recovery mode",
                        "FATAL",
                        "FATAL",
                        PostgresErrorCodes.CannotConnectNow
                    )
                ),
                ErrorCodes.StorageUnavailable,
                "recovery mode"
            },
            {
                Stored(new NpgsqlException("Exception while reading from stream", new IOException("Broken pipe"))),
                ErrorCodes.StorageUnavailable,
                "Broken pipe"
            },
            {
                new NpgsqlException("Exception while reading from stream", new IOException("Broken pipe")),
                ErrorCodes.StorageUnavailable,
                "Broken pipe"
            },
            {
                new ComodException(
                    ErrorCodes.BlobDamaged,
                    503,
                    "A blob is damaged.",
                    new InputException("pack-damaged", "It ends too early.")
                ),
                ErrorCodes.BlobDamaged,
                "It ends too early."
            },
        };

    [Theory, MemberData(nameof(Failures))]
    public async Task Invoke_CauseOfWhateverType_CrossesWithItsCodeAndTheCauseInWords(
        Exception failure,
        string code,
        string cause
    )
    {
        var call = DispatchProxy.Create<IIncomingGrainCallContext, Call>();
        ((Call)(object)call).Failure = failure;

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => new RefusalFilter().Invoke(call));
        var arrived = Assert.IsType<ComodException>(Sent(thrown));

        Assert.Equal(code, arrived.Code);
        Assert.Contains(cause, arrived.InnerException!.Message, StringComparison.Ordinal);
    }

    /// <summary>As the catalog throws it.</summary>
    private static ComodException Stored(NpgsqlException failure) =>
        StorageFaults.Translate(new DbUpdateException("An error occurred while saving the entity changes.", failure))!;

    private static Exception Sent(Exception thrown)
    {
        using var services = new ServiceCollection()
            .AddSerializer(types => types.AddAssembly(typeof(ComodException).Assembly))
            .BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        return serializer.Deserialize<Exception>(serializer.SerializeToArray(thrown))!;
    }

    public class Call : DispatchProxy
    {
        public Exception Failure { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Task.FromException(Failure);
    }
}
