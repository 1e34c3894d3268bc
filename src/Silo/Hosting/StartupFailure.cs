using ComodCluster.Silo.Cluster;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Problems;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Runtime.MembershipService;

namespace ComodCluster.Silo.Hosting;

/// <summary>Turns whatever stopped the start into one sentence.</summary>
public static class StartupFailure
{
    public static StartupException Of(Exception failure) =>
        failure switch
        {
            StartupException known => known,
            AggregateException { InnerExceptions: [var only] } => Of(only),
            _ when Innermost<AddressInUseException>(failure) is { } taken => new StartupException(
                "A port was taken by another process meanwhile; start again, or set Comod:Port, Comod:SiloPort and "
                    + "Comod:GatewayPort to free ones.",
                inner: taken
            ),
            _ when Innermost<OrleansClusterConnectivityCheckFailedException>(failure) is { } alone =>
                new StartupException(
                    $"The silo did not reach all other silos of the cluster within "
                        + $"{ClusterMembership.JoinPatience.TotalSeconds:0} s; open the silo ports between the "
                        + $"machines, and give each silo in "
                        + "Comod:Cluster:Address the address under which the others reach it.",
                    inner: alone
                ),
            OptionsValidationException invalid => new StartupException(
                string.Join(" ", invalid.Failures),
                inner: invalid
            ),
            _ when ExceptionRefusal.Of(failure) is { } refusal => new StartupException(refusal.Detail, inner: failure),
            _ => new StartupException(
                $"{OneLine(failure.Message)} ({failure.GetType().Name}); start with "
                    + $"--Logging:LogLevel:Default=Debug to see more.",
                inner: failure
            ),
        };

    private static T? Innermost<T>(Exception? failure)
        where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
            if (failure is T found)
                return found;
        return null;
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.');
}
