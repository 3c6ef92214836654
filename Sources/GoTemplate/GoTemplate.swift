// GoTemplate
