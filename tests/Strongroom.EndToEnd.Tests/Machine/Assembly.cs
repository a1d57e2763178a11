// One HSM serves most of these tests and some count its signatures exactly: nothing runs beside anything else.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
