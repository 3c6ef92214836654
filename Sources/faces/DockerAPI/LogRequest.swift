internal import Model

extension LogSpec {
    /// Reads `LogConfig`. The engine checks the driver's options, as only it knows which driver is the standard one.
    init(request fields: RequestFields) throws(RequestError) {
        self.init()
        guard let config = try fields.object("LogConfig") else { return }
        let name = try config.string("Type")
        driver = LogDriver(rawValue: name)
        guard name.isEmpty || driver != nil else {
            throw .invalid("error looking up logging plugin \(name): plugin \"\(name)\" not found")
        }
        options = try config.stringMap("Config")
    }
}
