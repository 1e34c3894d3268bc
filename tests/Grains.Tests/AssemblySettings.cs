using ComodCluster.TestInfrastructure;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
