internal import Clock
internal import Wire

/// A request that proves who sent it by something that could be guessed.
struct Attempt {
    let request: RequestNumber
    /// The account, by its e-mail address whether there is one or not; nil where it is not known
    /// until the proof is.
    let email: String?
    let address: String

    /// The network that its failures count for; nil for this machine, whose address is everybody's
    /// behind a proxy.
    var network: String? { isOwnAddress(address) ? nil : networkName(of: address) }
}

extension RelayServer {
    /// Counts a request of the authentication routes.
    mutating func countAuthRequest(from address: String, of user: Int? = nil) throws(RESTError) {
        var names = [networkName(of: address)]
        if let user { names.append("#\(directory[user].account.number)") }
        let wait = names.map { authRequests.wait($0, at: now) }.max() ?? 0
        guard wait == 0 else {
            counters.countRefusal(by: .authRequests)
            throw .tooMany(seconds: wait)
        }
        for name in names { authRequests.take(name, at: now) }
    }

    /// Lets an attempt begin, unless its account or its address is locked out.
    mutating func begin(_ attempt: Attempt) throws(RESTError) {
        let ofAccount = attempt.email.map { failuresByAccount.wait($0, at: now) } ?? 0
        let ofAddress = attempt.network.map { failuresByAddress.wait($0, at: now) } ?? 0
        let wait = max(ofAccount, ofAddress)
        guard wait == 0 else {
            counters.countRefusal(by: ofAddress > 0 ? .failuresPerAddress : .failuresPerAccount)
            watchFailure(from: attempt.address, email: attempt.email)
            throw .tooMany(seconds: wait)
        }
        if let email = attempt.email { failuresByAccount.begin(email, at: now) }
        if let network = attempt.network { failuresByAddress.begin(network, at: now) }
    }

    /// It was no guess.
    mutating func giveBack(_ attempt: Attempt) {
        if let email = attempt.email { failuresByAccount.giveBack(email) }
        if let network = attempt.network { failuresByAddress.giveBack(network) }
    }

    /// It was right, and so is everything about the account. What the address did wrong with other
    /// accounts stays.
    mutating func succeed(_ attempt: Attempt) {
        if let email = attempt.email { failuresByAccount.forget(email) }
        if let network = attempt.network { failuresByAddress.giveBack(network) }
    }

    mutating func fail(_ attempt: Attempt, _ error: RESTError) {
        watchFailure(from: attempt.address, email: attempt.email)
        if let email = attempt.email, failuresByAccount.fail(email, at: now) {
            counters.lockedAccounts += 1
            let user = directory.user(email: Array(email.utf8)[...])
            // Addresses that nobody has are tried, too; none of them goes into the log.
            let name = user.map { "the user \(directory[$0].account.id)" } ?? "an unknown user"
            emit(.log(.notice, "too many failures of \(name): locked out for a while"))
        }
        if let network = attempt.network, failuresByAddress.fail(network, at: now) {
            counters.lockedAddresses += 1
            emit(.log(.notice, "too many failures from \(attempt.address): locked out for a while"))
        }
        emit(.log(.detail, "\(error.code) from \(attempt.address)"))
        refuse(attempt.request, error)
    }
}
