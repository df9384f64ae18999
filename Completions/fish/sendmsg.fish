# fish completion for sendmsg, made by sendmsg --generate fish
complete -c sendmsg -f
complete -c sendmsg -l to -x -d 'The receiver: an e-mail address or a user id.'
complete -c sendmsg -l relay -x -d 'The relay, in place of $PARLEY_RELAY or the only one known.'
complete -c sendmsg -l wait -x -a 'delivered read' -d 'Wait until the receiver\'s client has the message, or it is read.'
complete -c sendmsg -l timeout -x -d 'How long the relay may be away, or a message may wait for its answer: 500ms, 30s, 5m. By default 60s.'
complete -c sendmsg -l event -x -d 'Send each line as the argument of this event, as it stands.'
complete -c sendmsg -l p2p -x -a 'off' -d 'Whether to try a connection of the two peers\' own.'
complete -c sendmsg -l json -d 'Print JSON Lines, errors included.'
complete -c sendmsg -l quiet -s q -d 'Say nothing but errors.'
complete -c sendmsg -l verbose -s v -d 'Say what is done; twice says more.'
complete -c sendmsg -l help -s h -d 'Say what the options are, and stop.'
complete -c sendmsg -l version -d 'Say the version, and stop.'
