extension RelayServer {
    /// The store carried out an operation, or failed to.
    public mutating func storeDid(_ ticket: Ticket, _ result: StoreResult) {
        noteStore(result)
        if case .removed(let removals) = result { didRemove(removals) }
        guard let next = pending.removeValue(forKey: ticket) else { return }
        switch next {
        case .nothing, .registerHash, .loginVerified: break
        case .account(let user):
            guard case .failed = result else { return }
            directory[user].isStored = false
        case .keep(let keeping): didKeep(keeping, result)
        case .keepAgain(let user, let message): didKeepAgain(user, message, result)
        case .read(let reference, let user): didRead(reference, user: user, result)
        case .registerStored(let registration): didRegister(registration, result)
        case .loginHash(let login): didFindHash(login, result)
        case .loggedIn(let request, let response): didLogIn(request, response, result)
        case .refreshed(let number, let next, let address):
            didRefresh(number, next, address, result)
        case .loggedOut(let number): didLogOut(number, result)
        }
    }

    /// A store that fails is told of once, not with each message that it does not take.
    private mutating func noteStore(_ result: StoreResult) {
        switch result {
        case .failed(let code):
            if code != storeFailure { emit(.log(.warning, "the store failed: \(code)")) }
            storeFailure = code
        case .kept:
            if storeFailure != nil { emit(.log(.notice, "the store takes messages again")) }
            storeFailure = nil
        default: break
        }
    }

    /// The password thread did a job, or was too busy.
    public mutating func passwordDid(_ ticket: Ticket, _ result: PasswordResult) {
        switch pending.removeValue(forKey: ticket) {
        case .registerHash(let registration): didHash(registration, result)
        case .loginVerified(let login): didVerify(login, result)
        default: break
        }
    }
}
