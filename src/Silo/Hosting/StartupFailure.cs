using ComodCluster.Silo.Problems;
using Microsoft.AspNetCore.Connections;

namespace ComodCluster.Silo.Hosting;

/// <summary>Turns whatever stopped the start into one sentence.</summary>
public static class StartupFailure
{
    public static StartupException Of(Exception failure) => failure switch
    {
        StartupException known => known,
        AggregateException { InnerExceptions: [var only] } => Of(only),
        _ when Innermost<AddressInUseException>(failure) is { } taken =>
            new StartupException("The HTTP port is in use by another process; take another one with --port N, or 0 for a free one.", inner: taken),
        _ when ExceptionRefusal.Of(failure) is { } refusal => new StartupException(refusal.Detail, inner: failure),
        _ => new StartupException($"{OneLine(failure.Message)} ({failure.GetType().Name}); start with --Logging:LogLevel:Default=Debug to see more.", inner: failure),
    };

    private static T? Innermost<T>(Exception? failure) where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
            if (failure is T found) return found;
        return null;
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.');
}
