// KeeperTests
