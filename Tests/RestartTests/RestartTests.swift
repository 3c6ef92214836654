// RestartTests
