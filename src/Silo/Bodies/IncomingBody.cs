using System.Buffers;
using System.IO.Pipelines;
using ComodCluster.Silo.Problems;
using ComodCluster.Silo.Telemetry;

namespace ComodCluster.Silo.Bodies;

/// <summary>
/// The body of a request as it comes: charged to the budget where it is held in memory, and given up where its client
/// is too slow. Only the time that is spent waiting for the client counts.
/// </summary>
/// <param name="reader">The server's.</param>
/// <param name="budget">Null: the body goes to the disk.</param>
public sealed class IncomingBody(
    PipeReader reader,
    BodyPace pace,
    BodyBudget? budget,
    AdmissionInstruments instruments,
    TimeProvider time
) : ForwardStream
{
    private readonly CancellationTokenSource _given = new();
    private long _consumed,
        _buffered,
        _charged,
        _waited,
        _waitingSince;
    private bool _discarding;
    private volatile RefusalException? _refusal;
    private volatile bool _ended;

    /// <summary>
    /// Bytes of each second of waiting; infinite for one that is there, or was waited for less than a second. Callable
    /// from any thread.
    /// </summary>
    public double BytesPerSecond =>
        !_ended && Waited.TotalSeconds is >= 1 and var seconds ? Received / seconds : double.PositiveInfinity;

    private long Received => Interlocked.Read(ref _consumed) + Interlocked.Read(ref _buffered);

    private TimeSpan Waited =>
        TimeSpan.FromTicks(Interlocked.Read(ref _waited))
        + (Interlocked.Read(ref _waitingSince) is > 0 and var since ? time.GetElapsedTime(since) : TimeSpan.Zero);

    /// <summary>Returns when so many bytes are there, or all; they can still be read.</summary>
    /// <param name="bytes">Less than the server buffers.</param>
    /// <exception cref="RefusalException">body-too-slow (408).</exception>
    public async Task Begun(int bytes, CancellationToken cancellation)
    {
        while (true)
        {
            var arrived = await Next(cancellation);
            reader.AdvanceTo(arrived.Buffer.Start, arrived.Buffer.End);
            _ended = arrived.IsCompleted;
            if (_ended || arrived.Buffer.Length >= bytes)
                return;
        }
    }

    /// <exception cref="RefusalException">body-too-slow (408), busy (429): the budget is spent, or what
    /// <see cref="GiveUp"/> was told.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var arrived = await Next(cancellationToken);
            var part = arrived.Buffer.Slice(0, Math.Min(buffer.Length, arrived.Buffer.Length));
            var length = (int)part.Length;
            part.CopyTo(buffer.Span);
            Interlocked.Add(ref _consumed, length);
            Interlocked.Add(ref _buffered, -length);
            reader.AdvanceTo(part.End);
            if (length == 0 && !arrived.IsCompleted && buffer.Length > 0)
                continue;
            _ended |= arrived.IsCompleted;
            Charge(length);
            return length;
        }
    }

    /// <summary>Ends a body that is still coming: who reads it gets this refusal.</summary>
    public void GiveUp(RefusalException refusal)
    {
        _refusal = refusal;
        _given.Cancel();
    }

    /// <summary>
    /// Reads on to the end without keeping anything, also of what was read before: a client that is still sending sees
    /// an answer only then, and meanwhile there is room for others.
    /// </summary>
    public async Task Discard(CancellationToken cancellation)
    {
        _discarding = true;
        ReturnCharge();
        await CopyToAsync(Null, cancellation);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ReturnCharge();
            _given.Dispose();
        }
        base.Dispose(disposing);
    }

    private void ReturnCharge() => budget?.Return(Interlocked.Exchange(ref _charged, 0));

    private void Charge(int bytes)
    {
        if (budget is null || _discarding || bytes == 0)
            return;
        if (budget.TryTake(bytes))
        {
            Interlocked.Add(ref _charged, bytes);
            return;
        }
        _discarding = true;
        instruments.BodyRefused();
        throw Full(budget);
    }

    /// <summary>What is there, or what comes next.</summary>
    private async ValueTask<ReadResult> Next(CancellationToken cancellation)
    {
        if (_refusal is { } refused)
            throw refused;
        try
        {
            if (!reader.TryRead(out var result))
                result = await Wait(cancellation);
            Interlocked.Exchange(ref _buffered, result.Buffer.Length);
            return result;
        }
        catch (BadHttpRequestException broken)
        {
            // The framework would answer with the status alone.
            throw new RefusalException(BadRequest.Of(broken));
        }
    }

    private async Task<ReadResult> Wait(CancellationToken cancellation)
    {
        var left = pace.Allowed(Received) - Waited;
        if (left <= TimeSpan.Zero)
            throw TooSlow();
        var since = time.GetTimestamp();
        Interlocked.Exchange(ref _waitingSince, since);
        using var late = new CancellationTokenSource(left, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token, _given.Token);
        try
        {
            return await reader.ReadAsync(any.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw _refusal ?? TooSlow();
        }
        finally
        {
            Interlocked.Exchange(ref _waitingSince, 0);
            Interlocked.Add(ref _waited, time.GetElapsedTime(since).Ticks);
        }
    }

    /// <summary>What a client is told whose body does not fit beside those in flight.</summary>
    public static RefusalException Full(BodyBudget budget) =>
        RefusalException.Busy(
            $"The bodies in flight at this gateway fill the {budget.Bytes / 1e6:0.#} MB that it holds at once; try again "
                + $"shortly, or at another gateway.",
            TimeSpan.FromSeconds(1)
        );

    private RefusalException TooSlow()
    {
        instruments.SlowBodyRefused();
        return new(
            new(
                HttpCodes.BodyTooSlow,
                StatusCodes.Status408RequestTimeout,
                $"After {Waited.TotalSeconds:0.#} s of waiting {Received} bytes of the body had come; send at least "
                    + $"{pace.BytesPerSecond:0} bytes per second"
                    + (pace.Longest is { } longest ? $" and all of it within {longest.TotalSeconds:0.#} s." : ".")
            )
        );
    }
}
