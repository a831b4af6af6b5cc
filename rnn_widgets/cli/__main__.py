from rnn_widgets.cli import main

raise SystemExit(main())
