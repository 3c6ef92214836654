// KeeperProtocolTests
