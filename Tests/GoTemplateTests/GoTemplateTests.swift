// GoTemplateTests
