import Flags
import JSONFormat
import Linux
import Model

/// The address pools of `network create`: subnets, each with what belongs to it by its address.
struct NetworkPools {
    /// One pool.
    private struct Pool {
        let subnet: String
        let range: AddressRange?
        var members: [String: String] = [:]
        var auxiliary: JSONObject = []

        var json: JSON {
            var object: JSONObject = [.init("Subnet", .string(subnet))]
            for name in ["IPRange", "Gateway"] {
                if let text = members[name] { object.append(.init(name, .string(text))) }
            }
            if !auxiliary.isEmpty { object.append(.init("AuxiliaryAddresses", .object(auxiliary))) }
            return .object(object)
        }
    }

    private var pools: [Pool] = []

    /// The pools in the Engine API's form.
    var json: [JSON] { pools.map(\.json) }

    /// Sorts what was typed into pools. Throws in the words of Docker's client.
    init(_ subnets: [String], _ ranges: [String], _ gateways: [String], _ auxiliary: [String]) throws(ExitFailure) {
        let (subnets, ranges, gateways) = (
            subnets.flatMap(Self.elements), ranges.flatMap(Self.elements), gateways.flatMap(Self.elements)
        )
        guard subnets.count >= ranges.count, subnets.count >= gateways.count else {
            throw ExitFailure("every ip-range or gateway must have a corresponding subnet")
        }
        pools = subnets.map { Pool(subnet: $0, range: AddressRange(parsing: $0)) }
        // A subnet alone is the engine's to judge.
        if let wrong = pools.first(where: { $0.range == nil }), pools.count + gateways.count + auxiliary.count > 1 {
            throw ExitFailure("invalid subnet: invalid CIDR address: \(wrong.subnet)")
        }
        for (index, pool) in pools.enumerated() {
            if pools[..<index].contains(where: { pool.range?.overlaps($0.range) == true }) {
                throw ExitFailure("multiple overlapping subnet configuration is not supported")
            }
        }
        for text in ranges { try place(text, "IPRange", one: "range", "ranges", on: "on the same subnet") }
        for text in gateways { try place(text, "Gateway", one: "gateway", "gateways", on: "for the same subnet") }
        for text in auxiliary {
            let member = MountOption.pair(text)
            let address = member.value.string ?? ""
            guard let index = index(of: address) else {
                throw ExitFailure("no matching subnet for aux-address \(address)")
            }
            pools[index].auxiliary.append(member)
        }
    }

    /// The values of a flag that takes several at once: `a,b`.
    static func elements(_ text: String) -> [String] { text.split(byte: ",").map(String.init) }

    private mutating func place(
        _ text: String, _ name: String, one: String, _ many: String, on place: String
    ) throws(ExitFailure) {
        guard let index = index(of: text) else { throw ExitFailure("no matching subnet for \(one) \(text)") }
        if let other = pools[index].members[name] {
            throw ExitFailure("cannot configure multiple \(many) (\(text), \(other)) \(place) (\(pools[index].subnet))")
        }
        pools[index].members[name] = text
    }

    private func index(of text: String) -> Int? {
        AddressText.bytes(of: String(text.cut(at: "/").before)).flatMap { address in
            pools.firstIndex { $0.range?.contains(address) == true }
        }
    }
}

/// The addresses of `10.0.0.0/8`.
private struct AddressRange {
    let first: [UInt8]
    /// Number of bits that all have.
    let bits: Int

    init?(parsing text: String) {
        let (address, length) = text.cut(at: "/")
        guard let first = AddressText.bytes(of: String(address)), let length, let bits = Int(length),
            (0...first.count * 8).contains(bits)
        else { return nil }
        self.first = first
        self.bits = bits
    }

    func contains(_ address: [UInt8]) -> Bool {
        guard address.count == first.count else { return false }
        return zip(first, address).enumerated().allSatisfy { index, pair in
            let kept = min(max(0, bits - index * 8), 8)
            return (pair.0 ^ pair.1) & ~(UInt8(truncatingIfNeeded: 0xFF >> kept)) == 0
        }
    }

    func overlaps(_ other: AddressRange?) -> Bool {
        guard let other else { return false }
        return contains(other.first) || other.contains(first)
    }
}
