extension [UInt8] {
    /// Empties a buffer that is kept for other use; nothing of what was in it stays in memory.
    ///
    /// Memory that is given back is overwritten by other means; this is for what is not.
    @inlinable public mutating func emptyForReuse() {
        overwrite()
        removeAll(keepingCapacity: true)
    }

    /// Fills it with zeros.
    @inlinable public mutating func overwrite() {
        unsafe withUnsafeMutableBufferPointer { unsafe $0.update(repeating: 0) }
    }
}
