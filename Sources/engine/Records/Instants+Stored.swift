package import Model

// Times and spans are objects of one number each, as the first versions wrote them.

extension MonotonicInstant: Stored {
    package init(stored decoder: any Decoder) throws {
        self.init(nanoseconds: try decoder.keys().read("nanoseconds"))
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("nanoseconds", nanoseconds)
    }
}

extension WallTime: Stored {
    package init(stored decoder: any Decoder) throws {
        self.init(nanoseconds: try decoder.keys().read("nanoseconds"))
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("nanoseconds", nanoseconds)
    }
}

extension Nanoseconds: Stored {
    package init(stored decoder: any Decoder) throws { self.init(try decoder.keys().read("count")) }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("count", count)
    }
}
