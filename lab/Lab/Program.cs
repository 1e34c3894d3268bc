using ComodCluster.Cli.Commands;
using ComodCluster.Lab;

return await LabRoot.Run(args, Terminal.OfProcess());
