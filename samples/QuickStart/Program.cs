using ComodCluster.Client;

using var comod = ComodClient.Connect(new Uri(args[0])); // http://127.0.0.1:5080
var job = await comod.Tasks.Adapt("inspect", new());
await comod.Jobs.WaitFor(job.Id);
var answer = await comod.Tasks.Predict("inspect", [await File.ReadAllBytesAsync(args[1])]);
Console.WriteLine(answer.Predictions[0].Label);
