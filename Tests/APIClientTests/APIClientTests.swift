// APIClientTests
