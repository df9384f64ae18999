public import Clock
public import EngineIO
public import SocketIO

/// What the servers of both protocols have in common.
public protocol SessionServer {
    associatedtype Output

    mutating func open(_ id: Int, remote: String, at time: Instant)
    mutating func receive(_ bytes: ArraySlice<UInt8>, on id: Int, at time: Instant)
    mutating func closed(_ id: Int, at time: Instant)
    mutating func advance(to time: Instant)
    var deadline: Instant? { get }
    mutating func nextOutput() -> Output?
    mutating func takeDirty(into ids: inout [Int])
    mutating func flush(
        _ id: Int, write: (UnsafeRawBufferPointer) -> Int
    ) -> EngineIO.Server.Flushed
}

extension EngineIO.Server: SessionServer {}
extension SocketIO.Server: SessionServer {}

extension SocketIO.Server {
    /// Says an event back: as the acknowledgement that it asks for, else as the event `NAME-back`.
    public mutating func echo(_ event: Event) {
        if let acknowledgement = event.acknowledgement {
            answer(acknowledgement, event.arguments.span, attachments: event.attachments)
        } else {
            emit(
                event.name + "-back", event.arguments.span, attachments: event.attachments,
                to: event.socket)
        }
    }
}
