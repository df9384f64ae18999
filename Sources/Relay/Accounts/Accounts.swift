internal import Clock
internal import JSON
internal import JWT

/// Who may connect: what the relay knows about a user that is no secret.
public struct Account: Equatable, Sendable {
    /// The store's number for it, never used twice.
    public let number: Int64
    /// `_id`: 24 hexadecimal digits for those who registered here; for users of another issuer
    /// with the same secret, whatever their tokens say.
    public let id: String
    public let name: String
    /// In lower case; nil where the token of another issuer has none.
    public let email: String?

    public init(number: Int64, id: String, name: String, email: String?) {
        self.number = number
        self.id = id
        self.name = name
        self.email = email
    }
}

/// An account as the relay works with it.
struct User {
    let account: Account
    /// The id and the name as JSON strings, quotes included.
    let idText: [UInt8]
    let nameText: [UInt8]
    /// Connections, in the order they came.
    var sockets: [SocketNumber] = []
    /// What its connections may send together; nil until it has several.
    var events: TokenBucket?
    /// Messages that are on their way to the store; until they are there, later ones must follow
    /// them, lest they overtake.
    var keepsInFlight = 0
    var bytesInFlight = 0
    var keptMessages = 0
    var keptBytes = 0
    /// Whether the store has the account's row, or is about to.
    var isStored: Bool
    /// Whether an operator has shut it out.
    var isDisabled = false
    /// When an operator last shut it out, which ended all tokens of before.
    private(set) var tokensEnded: Timestamp?
    /// Whether its account is gone for ever; the number here stays for whoever has it still.
    var isRemoved = false
    /// To whom it wrote of late, while it is connected.
    var targets: TargetWindow?
    /// Nil for those of whom nobody heard yet, which is most.
    var social: Social?

    init(_ account: Account, isStored: Bool) {
        self.account = account
        self.isStored = isStored
        idText = quoted(account.id)
        nameText = quoted(account.name)
    }

    /// Ends all tokens of before, also one that was made in this very second.
    mutating func endTokens(at time: Timestamp) {
        let newest = issueTime(at: time)
        // One that is not valid yet is of a clock that was put back since: whose tokens were ended
        // by that must not have to wait for it.
        tokensEnded = newest > time + SigningKey.defaultLeeway ? time : newest
    }

    /// Whether a token that was issued then was ended since. A token tells whole seconds, so all of
    /// the second of the end count as before it; one that does not say when may be of any time.
    func hasEnded(tokenOf time: Timestamp?) -> Bool {
        guard let tokensEnded else { return false }
        guard let time else { return true }
        return time.seconds <= tokensEnded.seconds
    }

    /// What a token says that is made at a time: the first second whose tokens are good.
    func issueTime(at time: Timestamp) -> Timestamp {
        guard let tokensEnded else { return time }
        return max(time, Timestamp(seconds: tokensEnded.seconds + 1))
    }
}

/// Those who are told when a user comes and goes.
struct Social {
    /// Users with connections in a room with this one, and how many.
    var roommates: [Int: Int] = [:]
    /// Users who wrote to this one since the relay started.
    var writers: Set<Int> = []
}

/// All accounts, by user id, by e-mail address and by the store's number.
struct Directory {
    private(set) var users: [User] = []
    private var byID = NameTable()
    private var byEmail = NameTable()
    private var byNumber: [Int64: Int] = [:]
    private var highestNumber: Int64 = 0
    private var removedIDs: Set<String> = []

    func user(id: ArraySlice<UInt8>) -> Int? { byID[id] }

    func user(email: ArraySlice<UInt8>) -> Int? {
        guard email.contains(0x40) else { return nil }
        return byEmail[email.contains { (0x41...0x5A).contains($0) } ? lowercased(email) : email]
    }

    func user(number: Int64) -> Int? { byNumber[number] }

    subscript(_ user: Int) -> User {
        _read { yield users[user] }
        _modify { yield &users[user] }
    }

    /// A number for a new account.
    mutating func takeNumber() -> Int64 {
        highestNumber += 1
        return highestNumber
    }

    /// Takes over who is, or was, disabled or was removed.
    mutating func setAside(_ state: StoredState) {
        for (number, time) in state.tokensEnded {
            if let user = byNumber[number] { users[user].endTokens(at: time) }
        }
        for number in state.disabled {
            if let user = byNumber[number] { users[user].isDisabled = true }
        }
        removedIDs.formUnion(state.removed)
        highestNumber = max(highestNumber, state.lastAccount)
    }

    func isRemoved(id: String) -> Bool { removedIDs.contains(id) }

    /// Nobody finds the user any more, nor gets the id again.
    mutating func remove(_ user: Int) {
        let account = users[user].account
        byID.remove(Array(account.id.utf8)[...])
        if let email = account.email { byEmail.remove(Array(email.utf8)[...]) }
        byNumber[account.number] = nil
        removedIDs.insert(account.id)
        users[user].isDisabled = true
        users[user].isRemoved = true
        users[user].keptMessages = 0
        users[user].keptBytes = 0
    }

    /// - Returns: nil where the id, the e-mail address or the number is taken.
    mutating func insert(_ account: Account, isStored: Bool) -> Int? {
        let id = Array(account.id.utf8)
        let email = account.email.map { Array($0.utf8) }
        guard byID[id[...]] == nil, !isRemoved(id: account.id), byNumber[account.number] == nil
        else { return nil }
        if let email, byEmail[email[...]] != nil { return nil }
        let user = users.count
        users.append(User(account, isStored: isStored))
        byID.insert(id, user)
        if let email { byEmail.insert(email, user) }
        byNumber[account.number] = user
        highestNumber = max(highestNumber, account.number)
        return user
    }
}

/// ASCII letters in lower case, as e-mail addresses are compared.
func lowercased(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }[...]
}

/// A text as a JSON string, quotes included.
func quoted(_ text: String) -> [UInt8] { JSON.string(text).encoded }
