/// Which side of a connection this is.
public enum Role: Sendable {
    case server
    case client
}

/// Puts frames together to messages, however the bytes are cut (RFC 6455 section 5).
///
/// An unfragmented message that has come whole is copied once, into the caller's scratch, if it is
/// masked, and not at all if it is not. A reader between messages holds no memory.
struct MessageReader {
    enum Message: Equatable {
        case text(ArraySlice<UInt8>)
        case binary(ArraySlice<UInt8>)
        case close(CloseCode?, reason: String)
        case ping(ArraySlice<UInt8>)
        case pong
    }

    /// How many times larger than a message the scratch may be that it lies in.
    private static let scratchSlack = 8

    let role: Role
    /// The most bytes that a message may have, all its fragments together.
    var limit: Int

    /// A header that has come in part.
    private var heldHeader: [UInt8] = []
    private var frame: FrameHeader?
    /// How many bytes of the frame's payload were taken.
    private var taken = 0
    private var control: [UInt8] = []
    /// The message under way: the fragments so far, unmasked.
    private var message: [UInt8] = []
    private var messageOpcode: Opcode?
    private var validator = UTF8Validator()

    init(_ role: Role, limit: Int) {
        self.role = role
        self.limit = limit
    }

    /// Takes bytes off the front of `input` up to the end of a message; nil until it has come.
    mutating func next(
        _ input: inout ArraySlice<UInt8>, scratch: inout [UInt8]
    ) throws(WebSocketError) -> Message? {
        while true {
            if frame == nil {
                guard let header = try nextHeader(&input) else { return nil }
                if let message = try wholeMessage(header, &input, &scratch) { return message }
                frame = header
                taken = 0
            }
            guard let header = frame else { return nil }
            let part = input.prefix(header.count - taken)
            input = input[part.endIndex...]
            try take(part, of: header)
            guard taken == header.count else { return nil }
            frame = nil
            if let message = try finish(header) { return message }
        }
    }

    private mutating func nextHeader(
        _ input: inout ArraySlice<UInt8>
    ) throws(WebSocketError) -> FrameHeader? {
        let header: FrameHeader
        if heldHeader.isEmpty, let (parsed, byteCount) = try FrameHeader.parse(input) {
            input = input[(input.startIndex &+ byteCount)...]
            header = parsed
        } else {
            let before = heldHeader.count
            heldHeader.append(contentsOf: input.prefix(FrameHeader.maximumByteCount - before))
            guard let (parsed, byteCount) = try FrameHeader.parse(heldHeader[...]) else {
                input = []
                return nil
            }
            input = input.dropFirst(byteCount - before)
            heldHeader = []
            header = parsed
        }
        try check(header)
        return header
    }

    private func check(_ header: FrameHeader) throws(WebSocketError) {
        guard (header.maskingKey != nil) == (role == .server) else { throw .wrongMasking }
        switch header.opcode {
        case .text, .binary: if messageOpcode != nil { throw .interruptedMessage }
        case .continuation: if messageOpcode == nil { throw .unexpectedContinuation }
        case .close, .ping, .pong: return
        }
        guard header.count <= limit - message.count else { throw .messageTooBig }
    }

    /// The short way: one frame, all of it in `input`.
    private func wholeMessage(
        _ header: FrameHeader, _ input: inout ArraySlice<UInt8>, _ scratch: inout [UInt8]
    ) throws(WebSocketError) -> Message? {
        guard header.isFinal, header.opcode == .text || header.opcode == .binary,
            input.count >= header.count
        else { return nil }
        let end = input.startIndex + header.count
        defer { input = input[end...] }
        var isASCII = false
        let payload: ArraySlice<UInt8>
        if let key = header.maskingKey {
            // A slice that someone keeps holds all of the scratch, so that must not stay large.
            if scratch.count > Self.scratchSlack * max(header.count, 512) { scratch = [] }
            if scratch.count < header.count {
                scratch = [UInt8](repeating: 0, count: max(2 * header.count, 1024))
            }
            isASCII = copy(input.span.extracting(first: header.count), to: &scratch, applying: key)
            payload = scratch[..<header.count]
        } else {
            payload = input[..<end]
        }
        if header.opcode == .binary { return .binary(payload) }
        if !isASCII {
            var validator = UTF8Validator()
            let isValid = unsafe payload.withUnsafeBufferPointer { unsafe validator.accept($0) }
            guard isValid, validator.isComplete else { throw .notUTF8 }
        }
        return .text(payload)
    }

    private mutating func take(
        _ part: ArraySlice<UInt8>, of header: FrameHeader
    ) throws(WebSocketError) {
        let phase = taken
        taken += part.count
        if header.opcode.isControl {
            let start = control.count
            control.append(contentsOf: part)
            if let key = header.maskingKey {
                applyMask(key, phase: phase, to: &control, from: start)
            }
            return
        }
        if header.opcode != .continuation { messageOpcode = header.opcode }
        let start = message.count
        message.append(contentsOf: part)
        if let key = header.maskingKey { applyMask(key, phase: phase, to: &message, from: start) }
        guard messageOpcode == .text else { return }
        let isValid = unsafe message[start...].withUnsafeBufferPointer {
            unsafe validator.accept($0)
        }
        guard isValid else { throw .notUTF8 }
    }

    /// What the frame that has come to its end completes.
    private mutating func finish(_ header: FrameHeader) throws(WebSocketError) -> Message? {
        if header.opcode.isControl {
            let payload = control
            control = []
            switch header.opcode {
            case .ping: return .ping(payload[...])
            case .close: return try Self.close(payload)
            default: return .pong
            }
        }
        guard header.isFinal else { return nil }
        guard validator.isComplete else { throw .notUTF8 }
        let (payload, opcode) = (message, messageOpcode)
        message = []
        messageOpcode = nil
        return opcode == .text ? .text(payload[...]) : .binary(payload[...])
    }

    private static func close(_ payload: [UInt8]) throws(WebSocketError) -> Message {
        if payload.isEmpty { return .close(nil, reason: "") }
        guard payload.count >= 2 else { throw .badCloseFrame }
        let code = CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.isAllowedOnWire else { throw .badCloseFrame }
        guard let reason = String(validating: payload[2...], as: UTF8.self) else { throw .notUTF8 }
        return .close(code, reason: reason)
    }
}
