// IsolationTests
