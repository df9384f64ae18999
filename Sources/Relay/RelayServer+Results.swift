extension RelayServer {
    /// The store carried out an operation, or failed to.
    public mutating func storeDid(_ ticket: Ticket, _ result: StoreResult) {
        noteStore(result)
        if case .removed(let removals) = result { didRemove(removals) }
        if case .lost(let removal) = result { didLose(removal) }
        guard let next = pending.removeValue(forKey: ticket) else { return }
        switch next {
        case .nothing, .password: break
        case .store(let receive): receive(&self, result)
        case .account(let user):
            guard case .failed = result else { return }
            directory[user].isStored = false
        case .keep(let keeping): didKeep(keeping, result)
        case .keepAgain(let box, let key, let message): didKeepAgain(box, key, message, result)
        case .read(let reference, let user): didRead(reference, user: user, result)
        }
    }

    /// A store that fails is told of once, not with each message that it does not take.
    private mutating func noteStore(_ result: StoreResult) {
        switch result {
        case .failed(let code):
            if code != storeFailure { emit(.log(.warning, "the store failed: \(code)")) }
            storeFailure = code
        case .kept, .recovered:
            if storeFailure != nil { emit(.log(.notice, "the store takes messages again")) }
            storeFailure = nil
        default: break
        }
    }

    /// Messages were dropped that nobody can read any more.
    private mutating func didLose(_ removal: Removal) {
        didRemove([removal])
        counters.lostMessages += removal.count
        emit(
            .log(
                .warning,
                "\(removal.count) messages that waited cannot be read and are dropped: their"
                    + " keys are gone"))
    }

    /// The password thread did a job, or was too busy.
    public mutating func passwordDid(_ ticket: Ticket, _ result: PasswordResult) {
        guard case .password(let receive) = pending.removeValue(forKey: ticket) else { return }
        receive(&self, result)
    }
}
