using ComodCluster.Cli.Commands;

return await ComodRoot.Run(args, Terminal.OfProcess());
