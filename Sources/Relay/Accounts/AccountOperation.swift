public import Clock
public import Crypto

/// What the relay asks of the store about accounts, beyond making them.
public enum AccountOperation: Sendable {
    /// Keeps a second factor that is not switched on yet, in place of another such one.
    case proposeSecondFactor(account: Int64, secret: SharedSecret, recoveryDigests: [[UInt8]])
    case secondFactor(account: Int64)
    /// Notes that the code of a step was used, and may switch the factor on.
    case useStep(account: Int64, step: Int64, switchesOn: Bool)
    case useRecoveryCode(account: Int64, digest: [UInt8])
    case removeSecondFactor(account: Int64)
    /// Disables an account, which ends all its logins and tokens, or enables it.
    case setDisabled(account: Int64, Bool, at: Timestamp)
    /// Removes an account with all that is its own, also in groups and threads; its id and number
    /// are not used again.
    case remove(account: Int64, until: Timestamp)
    /// What only the store knows of each account.
    case list
}

public enum AccountResult: Equatable, Sendable {
    case secondFactor(SecondFactor?)
    /// Whether there was such a thing to be changed or used.
    case changed(Bool)
    /// The logins that were ended.
    case ended(sessions: [String])
    case list([AccountFacts])
}

/// An account's second factor.
public struct SecondFactor: Sendable {
    /// Nil where the key that it is sealed under is lost.
    public let secret: SharedSecret?
    public let isOn: Bool

    public init(secret: SharedSecret?, isOn: Bool) {
        self.secret = secret
        self.isOn = isOn
    }
}

extension SecondFactor: Equatable {
    public static func == (a: SecondFactor, b: SecondFactor) -> Bool {
        guard a.isOn == b.isOn else { return false }
        guard let first = a.secret, let second = b.secret else {
            return a.secret == nil && b.secret == nil
        }
        return first.bytes == second.bytes
    }
}

/// What an operator may know of an account besides its name.
public struct AccountFacts: Equatable, Sendable {
    public enum Password: String, Sendable {
        /// A user of another issuer, who cannot log in here.
        case none
        case argon2id
        /// Imported, and not used since.
        case bcrypt
    }

    public let account: Int64
    public let password: Password
    public let hasSecondFactor: Bool

    public init(account: Int64, password: Password, hasSecondFactor: Bool) {
        self.account = account
        self.password = password
        self.hasSecondFactor = hasSecondFactor
    }
}
