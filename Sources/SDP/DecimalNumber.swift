/// What digits say, of whatever length.
enum DecimalNumber<Number: FixedWidthInteger> {
    case value(Number)
    case tooLarge
    case notANumber

    init(_ digits: some Sequence<UInt8>) {
        self = .notANumber
        var isFirst = true
        for digit in digits {
            add(digit, isFirst: isFirst)
            if case .notANumber = self { return }
            isFirst = false
        }
    }

    init(_ digits: Span<UInt8>) {
        self = .notANumber
        for place in digits.indices {
            add(digits[place], isFirst: place == 0)
            if case .notANumber = self { return }
        }
    }

    @inline(__always) private mutating func add(_ byte: UInt8, isFirst: Bool) {
        let digit = byte &- 0x30
        guard digit < 10 else {
            self = .notANumber
            return
        }
        switch self {
        case .notANumber: self = isFirst ? .value(Number(digit)) : .notANumber
        case .tooLarge: break
        case .value(let number):
            let (tenfold, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(Number(digit))
            self = overflow || carry ? .tooLarge : .value(sum)
        }
    }

    var value: Number? { if case .value(let number) = self { number } else { nil } }
}
