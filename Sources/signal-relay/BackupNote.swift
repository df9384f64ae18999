internal import CLI

extension SignalRelay {
    /// What a backup is made of, and how one is restored, for the manual.
    static let backupNote = ManualSection(
        "BACKUPS",
        """
        --backup copies the database, and nothing else: the files with keys lie beside it. Copy them \
        along after each backup, for their owner alone: jwt-secret, without which everybody has to \
        log in again; store-keys, without which the messages that wait in the backup, and those of \
        threads and groups, cannot be read; and account-keys, where it is there, without which \
        second factors are lost but for their recovery codes. Who has store-keys can read what was \
        forgotten since: to be sure of the forgetting, keep that file apart from the database, and \
        not for long.

        To restore one, stop the relay and go to the directory of the database. Move relay.db away, \
        and with it relay.db-wal and relay.db-shm where they are there: they belong to the old \
        database, and would damage the new one. Copy the backup here as relay.db, and the three \
        files with keys under their names; all belong to the user of the relay, with mode 600. See \
        what signal-relay check says of them, and start the relay. Messages that came since the \
        backup are lost, and those that were delivered since are delivered again. Logins that ended \
        since, and users who were disabled or removed, are as they were: end them anew.
        """)
}
