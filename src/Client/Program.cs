using ComodCluster.Client.Commands;

return await ComodRoot.Run(args, Terminal.OfProcess());
