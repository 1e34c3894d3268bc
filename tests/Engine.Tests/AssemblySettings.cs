// Live tensors and the thread count belong to the process: a test that counts them must run alone.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
