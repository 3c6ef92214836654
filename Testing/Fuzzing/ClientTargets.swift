import Model

@testable import APIClient
@testable import Engine
@testable import Runs

extension FuzzTarget {
    /// What a client reads: heads, framed bodies and multiplexed streams.
    static let answers = FuzzTarget(
        "answers", "an answer is the same whether it comes whole or byte by byte, and no longer than what came"
    ) { input in
        if let (head, length) = try? ResponseHead.parse(input) {
            try hold(length <= input.count, "a head of \(length) bytes in \(input.count)")
            let body = input.dropFirst(length)
            if var whole = try? BodyDecoder(head: head, method: .get),
                var split = try? BodyDecoder(head: head, method: .get)
            {
                let once = Result { try whole.decode(body) }
                var pieces: [UInt8] = []
                var isRefused = false
                for byte in body where !isRefused {
                    do { pieces += try split.decode([byte]) } catch { isRefused = true }
                }
                if case .success(let all) = once {
                    try hold(!isRefused && all == pieces, "a body in pieces is another body")
                    try hold(all.count <= body.count, "a body grew")
                } else {
                    try hold(isRefused, "a body in pieces is taken, and whole it is not")
                }
            }
        }
        try frames(input)
    }

    private static func frames(_ input: [UInt8]) throws {
        var whole = FrameDecoder()
        var split = FrameDecoder()
        var pieces: [FrameDecoder.Origin: [UInt8]] = [:]
        guard let once = try? whole.decode(input) else { return }
        for byte in input {
            for piece in try split.decode([byte]) { pieces[piece.origin, default: []] += piece.bytes }
        }
        var all: [FrameDecoder.Origin: [UInt8]] = [:]
        for piece in once { all[piece.origin, default: []] += piece.bytes }
        try hold(
            all.filter { !$0.value.isEmpty } == pieces.filter { !$0.value.isEmpty }, "frames in pieces are other frames"
        )
        try hold(whole.isBetweenFrames == split.isBetweenFrames, "the ends of the frames differ")
    }

    /// The keys that leave a terminal, in a stream of input.
    static let hijack = FuzzTarget(
        "hijack", "input reaches the process once and in order, however it is cut, up to the keys that leave"
    ) { input in
        let (text, stream) = input.cut(6)
        let keys = DetachKeys(parsing: text.text) ?? .standard
        var whole = DetachKeys.Watch(keys)
        var split = DetachKeys.Watch(keys)
        let once = whole.pass(stream)
        var forward: [UInt8] = []
        var isDetached = false
        for byte in stream where !isDetached {
            let outcome = split.pass([byte])
            forward += outcome.passed
            isDetached = outcome.detached
        }
        try hold(once.passed == forward && once.detached == isDetached, "input in pieces is other input")
        try hold(stream.starts(with: forward), "input was changed on its way")
    }
}
