package import Linux
package import Model

extension ContainerID: Stored {
    package init(stored decoder: any Decoder) throws {
        self = try decoder.single { (text: String) in ContainerID(text) }
    }

    package func store(in encoder: any Encoder) throws { try encoder.single(text) }
}

extension ContainerName: Stored {
    package init(stored decoder: any Decoder) throws {
        self = try decoder.single { (text: String) in ContainerName(text) }
    }

    package func store(in encoder: any Encoder) throws { try encoder.single(text) }
}

extension RunID: Stored {
    package init(stored decoder: any Decoder) throws { self = try decoder.single { (number: UInt64) in RunID(number) } }

    package func store(in encoder: any Encoder) throws { try encoder.single(value) }
}

extension Signal: Stored {
    package init(stored decoder: any Decoder) throws {
        self = try decoder.single { (number: Int32) in Signal(number: number) }
    }

    package func store(in encoder: any Encoder) throws { try encoder.single(number) }
}

extension ProcessIdentity: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(number: try keys.read("number"), startTicks: try keys.read("startTicks"))
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("number", number)
        try keys.put("startTicks", startTicks)
    }
}
