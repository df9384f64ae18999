/// A packet that passed, for whoever looks on.
public struct PacketNote {
    public enum Direction: String, Sendable {
        case incoming = "in"
        case outgoing = "out"
    }

    public let direction: Direction
    /// Tells the sessions of one server apart.
    public let session: UInt32
    public let isPolling: Bool
    /// A binary message has no character that leads it.
    public let isBinary: Bool
    /// The packet as it goes over a WebSocket.
    public let bytes: ArraySlice<UInt8>
}

extension Server {
    /// Tells who looks on, if somebody does.
    func note(
        _ direction: PacketNote.Direction, _ bytes: ArraySlice<UInt8>, of session: SessionState,
        isBinary: Bool = false
    ) {
        observer?(
            PacketNote(
                direction: direction, session: session.handle.number,
                isPolling: session.isPolling, isBinary: isBinary, bytes: bytes))
    }

    /// A packet of a polling body came.
    func note(_ packet: Packet, of session: SessionState) {
        guard observer != nil else { return }
        switch packet {
        case .binary(let bytes): note(.incoming, bytes[...], of: session, isBinary: true)
        case .text(let type, let text):
            note(.incoming, ([type.rawValue] + text)[...], of: session)
        }
    }
}
