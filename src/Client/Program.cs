Console.WriteLine("comod");
