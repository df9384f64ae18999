// libsodium takes no null pointers, not even for nothing; Swift's empty buffers have one.

extension UnsafeBufferPointer<UInt8> {
    /// The first byte, or for an empty buffer an address that must not be read.
    var pointer: UnsafePointer<UInt8> {
        baseAddress ?? UnsafePointer(bitPattern: MemoryLayout<UInt64>.alignment)!
    }
}

extension UnsafeMutableBufferPointer<UInt8> {
    var pointer: UnsafeMutablePointer<UInt8> {
        baseAddress ?? UnsafeMutablePointer(bitPattern: MemoryLayout<UInt64>.alignment)!
    }
}
