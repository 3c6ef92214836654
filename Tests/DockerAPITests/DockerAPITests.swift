// DockerAPITests
