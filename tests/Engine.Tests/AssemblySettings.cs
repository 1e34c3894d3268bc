using Xunit.Sdk;
using Xunit.v3;

// Live tensors and the thread count belong to the process: a test that counts them must run alone.
[assembly: Parallelization(Mode = ParallelMode.None)]
