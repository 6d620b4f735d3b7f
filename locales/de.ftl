# Alle Texte der App. `tray-` und `notice-` liest die Rust-Seite, den Rest ui/.

## Überall

app-name = StillYou
nav = Ansichten
nav-now = Jetzt
nav-start = Einrichten
nav-history = Verlauf
nav-cases = Hilfe
nav-approvals = Freigaben
nav-privacy = Datenschutz
nav-policy = Richtlinie
skip = Zum Inhalt springen
cancel = Abbrechen
close = Schließen
loading = Einen Moment…
try-again = Noch einmal versuchen

error-no-agent = Der Agent von StillYou antwortet nicht.
error-needs-step-up = Dafür müssen Sie erst bestätigen, dass Sie es sind.
error-refused = Nicht erlaubt: { $why }
error-failed = Das hat nicht geklappt: { $why }

## Zustände

state-verified = Immer noch Sie.
state-verified-text = Das Tippen sieht nach Ihnen aus. Nichts zu tun.
state-without = Ohne Biometrie
state-without-text = Nichts schaut zu. StillYou fragt alle { $every } Minuten und nach einer Pause nach.
state-watch = Schaut genauer hin.
state-watch-text = StillYou ist sich weniger sicher als sonst. Arbeiten Sie einfach weiter, das Tippen klärt es.
state-step-up = Sind Sie es noch?
state-step-up-text = { $seconds ->
    [one] Bestätigen Sie es binnen einer Sekunde, sonst sperrt die Sitzung.
   *[other] Bestätigen Sie es binnen { $seconds } Sekunden, sonst sperrt die Sitzung.
  }
state-locking-text = Die Zeit ist um. Die Sitzung wird gesperrt.
state-locked = Gesperrt.
state-locked-text = Die Sitzung ist gesperrt. StillYou schaut weg, bis sie entsperrt wird.
state-locked-by-score-text = StillYou hat die Sitzung gesperrt. Nach dem Entsperren fragt es nach einer Bestätigung.
state-learning = Noch nicht gelernt.
state-learning-text = StillYou weiß nicht, wie Sie tippen. Darum fragt und sperrt es nicht.
state-enrolling = Lernt Sie kennen.
state-enrolling-text = { $share } gelernt. Bis es fertig ist, fragt und sperrt StillYou nicht.
state-paused = Pausiert.
state-paused-text = Noch { $left } lang schaut niemand hin. Dann geht es von selbst weiter.
state-trouble = Nicht voll geschützt.
state-trouble-text = { $count ->
    [one] Etwas, das schützen soll, kann es nicht. Was zu tun ist, steht unten.
   *[other] { $count } Dinge, die schützen sollen, können es nicht. Was zu tun ist, steht unten.
  }
state-off = Schaut nicht hin.
state-off-text = Der Agent von StillYou läuft in dieser Sitzung nicht. Nichts wird gefragt, nichts ist geschützt.
state-off-start = Starten

## Jetzt

now-verify = Jetzt bestätigen
now-answer = Bestätigen
now-lock = Jetzt sperren
now-pause = Pausieren…
now-pause-for = Pausieren für
now-pause-text = In der Pause schaut niemand hin. Sie braucht Ihr Passwort, wird festgehalten und endet von selbst.
now-pause-minutes = { $minutes ->
    [one] eine Minute
   *[other] { $minutes } Minuten
  }
now-pause-go = Pausieren
now-resume = Jetzt weiter
now-get-started = Einrichten

today = Heute
today-none = Heute ist noch nichts festgehalten.
today-summary = Heute bisher: { $list }.
today-part = { $state } { $duration }
today-at = { $state }, { $from } bis { $to }
today-table = Heute, der Reihe nach
today-from = Ab
today-state = Zustand

moment-verified = Bestätigt
moment-watch = Genauer hingeschaut
moment-step-up = Gefragt
moment-learning = Lernen
moment-paused = Pausiert
moment-locked = Gesperrt
moment-off = Läuft nicht

sensors = Sensoren
sensor-keystroke = Tippen
sensor-pointer = Zeiger
sensor-face = Kamera
sensor-on = Schaut hin
sensor-ready = Aus, bei Bedarf an
sensor-off = Ausgeschaltet
sensor-not-seen = Nicht zu sehen
sensor-not-learnt = Nicht gelernt, sagt nichts
sensor-not-there = Wird hier nie genutzt
sensor-muted = Zählt bis zur nächsten Anmeldung nicht
sensor-replaced = Ersetzt durch: { $factor }, bis { $until }

trouble-cannot-lock = Die Sitzung lässt sich nicht sperren
trouble-keyboard-not-visible = Die Tastatur ist nicht zu sehen
trouble-no-keyboard = Keine Tastatur angeschlossen
trouble-keychain-unavailable = Der Schlüsselbund lässt sich nicht öffnen
trouble-template-unusable = Das Gelernte über Sie ist nicht zu gebrauchen
trouble-lock-state-unknown = Ob die Sitzung gesperrt ist, lässt sich nicht sagen
trouble-ledger-unavailable = Entscheidungen lassen sich nicht festhalten
trouble-ledger-refused = Das Protokoll wurde von etwas anderem geändert
trouble-model-failed = Tippen oder Zeigen lässt sich nicht beurteilen
trouble-policy-unusable = Eine Richtliniendatei ist nicht zu gebrauchen
trouble-pointer-not-visible = Der Zeiger ist nicht zu sehen
trouble-context-not-visible = Die Umgebung, die die Richtlinie verlangt, ist nicht zu sehen
trouble-camera-blind = Die Kamera zeigt nichts
trouble-others-not-told = Andere haben von einer Ausnahme nichts erfahren

circumstances = Gerade um Sie herum
circumstance-remote-session = Fernsitzung
circumstance-screen-shared = Bildschirm geteilt
circumstance-unknown-network = Unbekanntes Netz
circumstance-switched-away = Andere Sitzung im Vordergrund
circumstance-new-device = Neue Tastatur oder neuer Zeiger
circumstance-injected-input = Eingaben eines Programms
circumstance-looking-away = Jemand schaut weg
circumstance-several-people = Mehr als eine Person
circumstance-somebody-else = Jemand anderes

why = Warum
why-hidden = Punktzahl und Gründe sehen Sie, nachdem Sie sich bestätigt haben, und nur kurz. Wer sich an Ihren Platz setzt, soll daraus nichts lernen.
why-show = Punktzahl und Gründe zeigen
why-score = { $score } von 100 Punkten
why-odds = Etwa 1 zu { $odds }, dass jemand anders da ist
why-likely = Wahrscheinlicher jemand anders als Sie
why-begun = Es begann bei 1 zu { $odds }. Seither:
why-begun-likely = Es begann damit, dass jemand anders wahrscheinlicher war. Seither:
why-none = Noch hat nichts sie bewegt.
why-you = { $factor }× eher Sie
why-other = { $factor }× eher jemand anders
why-hardly = bewegt kaum etwas
why-weights = Alles, was zählte, mit seinem Gewicht
shown-for = { $seconds ->
    [one] Noch eine Sekunde zu sehen
   *[other] Noch { $seconds } Sekunden zu sehen
  }

cause-common-hold = Wie lange Sie häufige Buchstaben halten
cause-rare-hold = Wie lange Sie seltene Buchstaben halten
cause-space-hold = Wie lange Sie die Leertaste halten
cause-other-hold = Wie lange Sie andere Tasten halten
cause-one-hand = Der Rhythmus von Buchstaben einer Hand
cause-two-hands = Der Rhythmus von Buchstaben beider Hände im Wechsel
cause-words = Pausen zwischen Wörtern
cause-corrections = Pausen um Korrekturen
cause-other-gap = Pausen um Satzzeichen und andere Tasten
cause-speed = Das Tempo des Tippens
cause-machine = Tippen, wie es keine Hand macht
cause-replay = Tippen, das sich wiederholt
cause-pointer-rhythm = Pausen zwischen Bewegungen des Zeigers
cause-pointer-clicks = Wie Sie klicken
cause-pointer-speed = Wie schnell sich der Zeiger bewegt
cause-pointer-changes = Wie der Zeiger schneller und langsamer wird
cause-pointer-path = Die Bögen auf dem Weg des Zeigers
cause-time = Zeit ohne Nachweis
cause-unlock = Die Sitzung wurde entsperrt
cause-typing = Das Tippen insgesamt
cause-pointer = Der Zeiger insgesamt
cause-face = Das Gesicht
cause-likeness = Ähnlichkeit des Gesichts
cause-looks-like-an-attack = Sieht nach Bild oder Bildschirm aus
cause-repeats = Kamerabilder, die es schon gab
cause-plane = Gesicht und Hintergrund bewegten sich zusammen
cause-still = Ein Kopf, der völlig stillhielt
cause-no-blink = Augen, die nie blinzelten
cause-no-pad = Kein Schutz vor Bildern und Bildschirmen
cause-camera-doubt = Eine Kamera, die nicht die bekannte ist
cause-remote-session = Zeit in einer Fernsitzung
cause-screen-shared = Zeit mit geteiltem Bildschirm
cause-unknown-network = Zeit in einem unbekannten Netz
cause-switched-away = Zeit mit anderer Sitzung im Vordergrund
cause-new-device = Zeit nach neuer Tastatur oder neuem Zeiger
cause-injected-input = Zeit nach Eingaben eines Programms
cause-looking-away = Zeit, nachdem die Kamera jemanden wegschauen sah
cause-several-people = Zeit, nachdem die Kamera mehrere Personen sah
cause-somebody-else = Zeit, nachdem die Kamera jemand anderen sah

## Bestätigen

confirm = Bestätigen Sie, dass Sie es sind
confirm-to-see = Zum Ansehen bitte bestätigen
confirm-to-see-text = Es bleibt nur kurz offen. Wer sich an Ihren Platz setzt, sieht nichts.
confirm-to-do-text = Das ändert, wie gut Sie geschützt sind. Darum müssen Sie zeigen, dass Sie es sind, und es wird festgehalten.
confirm-why-evidence = Das sah nicht nach Ihnen aus.
confirm-why-scheduled = Das letzte Zeichen von Ihnen ist eine Weile her.
confirm-why-after-unlock = Die Sitzung wurde gerade entsperrt.
confirm-asked-by-you = Bestätigen Sie es jetzt, und StillYou beginnt von vorn.
confirm-to-pause = Danach pausiert StillYou, wie Sie es gewählt haben.
confirm-to-quit = Danach endet StillYou, wie Sie es gewählt haben, und niemand wacht.
confirm-left = { $seconds ->
    [one] Noch eine Sekunde
   *[other] Noch { $seconds } Sekunden
  }
confirm-seconds = { $seconds ->
    [one] Sekunde
   *[other] Sekunden
  }
confirm-with = Bestätigen mit
confirm-with-some = Bestätigen mit { $factors } davon
confirm-password = Ihr Passwort für diesen Rechner
confirm-totp = Der Code, den Ihr Authenticator zeigt
confirm-recovery-code = Einer Ihrer Wiederherstellungscodes
confirm-pass-phrase = Ihr Passsatz
confirm-more = { $factors ->
    [one] Richtig. Nun noch auf eine andere Weise bestätigen.
   *[other] Richtig. Nun noch auf { $factors } andere Weisen bestätigen.
  }
confirm-refused = Das zählt nicht: { $why }
way-password = Passwort
way-totp = Einmalcode
way-recovery-code = Wiederherstellungscode
way-security-key = Sicherheitsschlüssel
way-pass-phrase = Passsatz
way-face = Gesicht
key-text = Stecken Sie Ihren Sicherheitsschlüssel ein, falls er es nicht ist. Er blinkt, wenn er berührt werden will.
key-use = Sicherheitsschlüssel benutzen
key-pin = Die PIN Ihres Sicherheitsschlüssels
key-touch = Berühren Sie Ihren Sicherheitsschlüssel
check-text = Die Kamera bittet Sie, zu blinzeln oder den Kopf zu drehen, in einer Reihenfolge, die vorher niemand kennt. Bilder behält sie nicht.
check-begin = Gesicht prüfen
check-blink = Blinzeln Sie
check-turn-left = Drehen Sie den Kopf nach links
check-turn-right = Drehen Sie den Kopf nach rechts
check-look-up = Schauen Sie nach oben
confirm-go = Bestätigen
confirm-checking = Wird geprüft…
confirm-caps = Die Feststelltaste ist an
confirm-right = Danke. Immer noch Sie.
confirm-granted = Weiter. Jemand bürgt für Sie.
confirm-wrong = { $tries ->
    [0] Das war es nicht. Jeder weitere Versuch muss warten.
    [one] Das war es nicht. Noch ein Versuch.
   *[other] Das war es nicht. Noch { $tries } Versuche.
  }
confirm-wait = { $seconds ->
    [one] Zu viele falsche Antworten. Der nächste Versuch geht in einer Sekunde.
   *[other] Zu viele falsche Antworten. Der nächste Versuch geht in { $seconds } Sekunden.
  }
confirm-disabled = Zu viele falsche Antworten. Erst nach der nächsten Anmeldung zählen Antworten wieder.
confirm-unavailable = Das lässt sich nicht prüfen: { $why }
confirm-empty = Tippen Sie erst etwas ein.
confirm-no-factor = Es ist nichts eingerichtet, das antworten könnte. Sperren Sie die Sitzung oder holen Sie Hilfe.
confirm-locking = Die Zeit ist um. Es wird gesperrt…
confirm-locked = Die Sitzung ist gesperrt.
confirm-lock = Jetzt sperren
confirm-help = Hilfe holen
confirm-answer = Doch antworten

## Einrichten

start-title = Einrichten
start-lead = StillYou lernt den Rhythmus Ihres Tippens. Das dauert etwa zehn Minuten Text oder einige Stunden gewöhnlicher Arbeit.
start-captured = Worauf es achtet
start-captured-1 = Wie lange jede Taste gehalten wird
start-captured-2 = Die Zeit von einer Taste zur nächsten
start-captured-3 = Welche Taste es war, bis 50 weitere gedrückt sind
start-captured-4 = Wie der Zeiger sich bewegt, klickt und rollt; wo er war, ist am Ende der Bewegung vergessen
start-never = Was es nie behält
start-never-1 = Was Sie tippen: Tasten bleiben 50 Anschläge lang im Speicher, dann werden sie gelöscht
start-never-2 = Passwörter, Webseiten, Fenstertitel, Bildschirmfotos
start-never-3 = Irgendetwas auf einem Server: nichts verlässt diesen Rechner
start-factors = Womit Sie antworten, wenn es fragt
factor-password = Ihr Passwort für diesen Rechner
factor-totp = Ein Code Ihrer Authenticator-App
factor-recovery-code = Einer Ihrer Wiederherstellungscodes
factor-security-key = Ihr Sicherheitsschlüssel
factor-pass-phrase = Ihr Passsatz
factor-face = Ihr Gesicht
factor-override = Das Wort einer zuständigen Person
start-factor-ready = Bereit
start-go = Lernen beginnen
start-consent = Damit stimmen Sie zu, erkannt zu werden. Unter Datenschutz nehmen Sie das jederzeit zurück und arbeiten ohne weiter.
start-again = Neu lernen
start-again-text = Das bisher Gelernte zählt, bis das neue fertig ist.
start-learning = Lernt
start-progress = { $done } von { $needed } Anschlägen
start-progress-label = Bisher gelernt
start-finishing = Fast fertig: Es prüft, ob es Sie erkennen würde. Tippen Sie weiter.
start-how = Wie es weitergeht
start-type = Diesen Text tippen
start-work = Einfach arbeiten
start-type-text = Tippen Sie in Ihrem Tempo. Fehler sind willkommen: Wie Sie sie verbessern, gehört zu Ihnen.
start-type-label = Hier tippen. Was in diesem Feld steht, liest niemand, und es ist weg, wenn Sie gehen.
start-next = Ein anderer Text
start-pointer = Benutzen Sie zwischendurch auch Maus oder Touchpad: Wie Sie zeigen, wird nebenbei gelernt.
start-work-text = Schließen Sie das Fenster und tun Sie, was Sie immer tun. Es lernt aus gewöhnlichem Tippen und sagt Ihnen, wenn es fertig ist.
start-stop = Lernen beenden
start-problem = Es hat noch nicht geklappt: { $why }
start-done = Es kennt Sie jetzt.
start-done-text = { $keystrokes ->
    [one] Gelernt aus einem Anschlag. Von nun an merkt StillYou, wenn Sie es nicht sind.
   *[other] Gelernt aus { $keystrokes } Anschlägen. Von nun an merkt StillYou, wenn Sie es nicht sind.
  }
start-done-pointer = { $strokes ->
    [one] Und aus einer Bewegung des Zeigers.
   *[other] Und aus { $strokes } Bewegungen des Zeigers.
  }
start-done-no-pointer = Wie Sie zeigen, wurde nicht gelernt; der Zeiger sagt also nichts. Um das zu ändern, lernen Sie neu und benutzen ihn dabei.
start-expect = Was zu erwarten ist
start-expect-per-day = { $rate ->
    [one] Etwa eine unnötige Frage in 8 Stunden Tippen.
   *[other] Etwa { $rate } unnötige Fragen in 8 Stunden Tippen.
  }
start-expect-days = { $days ->
    [one] Etwa eine unnötige Frage an einem Tag mit 8 Stunden Tippen.
   *[other] Etwa eine unnötige Frage in { $days } Tagen mit je 8 Stunden Tippen.
  }
start-expect-none = Beim Lernen kam keine unnötige Frage vor.
start-expect-bound = { $bound ->
    [one] Mit 95 % Sicherheit nicht mehr als eine in 8 Stunden.
   *[other] Mit 95 % Sicherheit nicht mehr als { $bound } in 8 Stunden.
  }
start-expect-windows = Von Ihren eigenen Tippstrecken würden { $share } gegen Sie sprechen. Die deutlichsten davon können fragen.
start-to-now = Zu „Jetzt“

face-title = Ihr Gesicht
face-text = Wenn Sie möchten, kann es auch nachsehen, wer vor der Kamera ist: selten und für wenige Sekunden, im Zweifel, nach einer Pause und hin und wieder zufällig. Es vergleicht; Bilder behält es nicht. Unter Datenschutz lässt es sich wieder abschalten.
face-policy = Ihre Organisation verlangt es.
face-known = Bekannt aus { $images } Bildern.
face-learn = Mein Gesicht lernen
face-again = Neu lernen
face-stop = Aufhören
face-progress = { $taken } von { $needed } Bildern
face-outline = Wo Ihr Gesicht ist
face-problem = Es hat nicht geklappt: { $why }
face-unseen = Beim letzten Blick war nichts zu sehen: { $why }
face-dark = Warten auf die Kamera …
face-hint-ahead = Schauen Sie gerade in die Kamera
face-hint-left = Drehen Sie den Kopf etwas nach links
face-hint-right = Drehen Sie den Kopf etwas nach rechts
face-hint-up = Schauen Sie etwas nach oben
face-hint-down = Schauen Sie etwas nach unten
face-hint-nobody-there = Kommen Sie ins Bild
face-hint-one-person-only = Seien Sie allein im Bild
face-hint-come-closer = Kommen Sie näher
face-hint-move-back = Gehen Sie etwas zurück
face-hint-more-light = Bitte mehr Licht auf das Gesicht
face-hint-less-light = Bitte weniger Licht auf das Gesicht
face-hint-keep-still = Stillhalten
face-hint-done = Fertig

passage-1 = Der Hafen war still, bevor die Fähre kam. Ein Mann im gelben Mantel fegte die Stufen, langsam, als hätte jede von ihnen ihre eigene Minute verdient. Möwen gingen das Geländer entlang und beschwerten sich über das Wetter. Als das Horn ertönte, öffneten sich Türen die ganze Straße hinunter; jemand lachte, jemand rannte, und ein Hund setzte sich mitten hinein und wartete, bis die Welt um ihn herumging.
passage-2 = Das Klavier haben wir an einem Donnerstag umgestellt. Dreißig Jahre hatte es in derselben Ecke gestanden, und der Boden darunter hatte eine andere Farbe, wie die Fotografie eines älteren Zimmers. Meine Tante machte Tee für alle, die geholfen hatten. „Das wird nie wieder stimmen“, sagte sie ganz vergnügt, und dann setzte sie sich hin und spielte, bis es dunkel war.
passage-3 = In diesem Tal gibt es zwei Arten von Regen. Der eine kommt von Westen, mit reichlich Vorwarnung, und die Leute holen die Wäsche herein und schließen die oberen Fenster. Der andere fängt einfach an. Man ist halb über die Brücke und denkt ans Mittagessen, und er fängt an; und für den Rest des Tages erzählen die Schuhe jedem, wo man gewesen ist.

## Verlauf

history-title = Verlauf
history-lead = Was StillYou entschieden hat und warum. Jeder Grund lässt sich aus dem Protokoll nachrechnen.
history-empty = Es wurde noch nichts entschieden.
history-record = Das Protokoll
history-record-text = Jede Entscheidung ist an die vorige gekettet. Eine Änderung, eine Lücke oder ein fehlendes Ende fiele auf.
history-check = Protokoll prüfen
history-holds = { $entries ->
    [one] Ein Eintrag, lückenlos.
   *[other] { $entries } Einträge, lückenlos.
  }
history-head = Neuester: { $head }
history-chart = Punktzahl bei jeder Entscheidung
history-chart-text = Punktzahl bei { $count } Entscheidungen, von { $from } bis { $to }: niedrigste { $lowest }, letzte { $last }.
history-score = { $score } Punkte
look-pictures = Der letzte Blick verglich { $compared } von { $taken } Bildern, mit einer Güte von { $quality } %.
face-map = Teile des Gesichts im letzten Blick, der gegen Sie sprach
face-map-against = Vor allem { $part } sprachen gegen Sie.
face-map-nothing = Kein Teil des Gesichts sprach für sich allein gegen Sie.
face-map-how = Gefüllte Quadrate sprechen gegen Sie, umrandete für Sie; je größer, desto mehr. Nur ungefähr: Kein Teil wird je allein betrachtet.
part-forehead = Stirn und Haare
part-eyes = Augen und Brauen
part-nose = Nase und Wangen
part-mouth = Mund und Kinn
history-entry = Eintrag { $entry }
history-recomputed = Aus dem Protokoll nachgerechnet: Es kommt dieselbe Punktzahl heraus.
history-not-recomputed = Aus dem Protokoll nachgerechnet kommt eine andere Punktzahl heraus. Dem Eintrag ist nicht zu trauen.

event-begun = Begann hinzuschauen
event-learning-again = Lernt wieder
event-band-verified = Wieder sicher
event-band-watch = Schaute genauer hin
event-band-step-up = Zweifelte, ob Sie es sind
event-band-lock = War sicher, dass es jemand anders ist
event-step-up-evidence = Fragte Sie: Das Tippen sah nicht nach Ihnen aus
event-step-up-evidence-pointer = Fragte Sie: Der Zeiger bewegte sich nicht wie Ihrer
event-step-up-scheduled = Fragte Sie: Es war eine Weile her
event-step-up-after-unlock = Fragte Sie: Die Sitzung war entsperrt worden
event-verified = Sie haben es bestätigt
event-step-up-failed = { $failures ->
    [one] Eine falsche Antwort
   *[other] { $failures } falsche Antworten
  }
event-step-up-ended-verified = Die Frage endete: Sie waren es
event-step-up-ended-locked = Die Frage endete: gesperrt
event-lock-score = Gesperrt: Es sah nach jemand anderem aus
event-lock-grace-over = Gesperrt: Niemand antwortete rechtzeitig
event-lock-failures = Gesperrt: zu viele falsche Antworten
event-lock-watch-lost = Gesperrt: Eine Weile schaute niemand hin
event-lock-left = Gesperrt: Vor der Kamera war niemand mehr
event-lock-retry = Gesperrt: Ein früherer Versuch war misslungen
event-locked = Die Sitzung wurde gesperrt
event-unlocked = Die Sitzung wurde entsperrt
event-paused = Sie haben pausiert
event-resumed = Nach einer Pause weiter
event-muted = { $sensor } fragte zu oft und zählt bis zur nächsten Anmeldung nicht
event-override-began = Eine Freigabe gilt: { $sensors } zählt nicht
event-override-ended = Die Freigabe ist zu Ende
event-vouched = Jemand hat für Sie gebürgt
event-trouble-began = Störung: { $trouble }
event-trouble-ended = Vorbei: { $trouble }

## Datenschutz

privacy-title = Datenschutz
privacy-lead = Alles bleibt auf diesem Rechner. Hier steht, was es gibt und wie Sie es loswerden.
privacy-sensors = Was hinschauen darf
privacy-pad-missing = Ohne die Gewichte zur Lebenderkennung wird nicht nach Bildern und Bildschirmen gesucht, darum zählt Ihr Gesicht weniger. Wer StillYou eingerichtet hat, bekommt sie so: ./x models --pad
privacy-pad-refused = Die Gewichte zur Lebenderkennung sind nicht zu gebrauchen, darum zählt Ihr Gesicht weniger: { $why }
privacy-fixed = Ihre Organisation lässt das eingeschaltet.
privacy-keystroke-text = Der Rhythmus Ihrer Tasten. Welche es waren, wird nach 50 weiteren gelöscht.
privacy-pointer-text = Wie sich der Zeiger bewegt und klickt.
privacy-face-text = Ob Ihr Gesicht vor der Kamera ist.
factors-title = Wege zu zeigen, dass Sie es sind
factors-text = Neben Ihrem Passwort. Wer das Gespeicherte löscht, entfernt auch sie.
factors-totp-text = Sechs Ziffern, die ein Authenticator auf Ihrem Telefon zeigt, jede halbe Minute neue.
factors-codes-text = Zehn Codes für die Schublade. Jeder gilt einmal.
factors-key-text = Ein FIDO2-Schlüssel am USB-Anschluss. Sie berühren ihn, und Ihre PIN oder Ihren Finger prüft er selbst.
factors-pass-phrase-text = Ein Satz von Ihnen, den nur StillYou kennt.
factors-left = { $left ->
    [one] Noch einer
   *[other] Noch { $left }
  }
factors-set-up = Eingerichtet
factors-not-set-up = Nicht eingerichtet
factors-needed = Ihre Organisation verlangt es: richten Sie es ein
factors-begin = Einrichten
factors-add = Weiteren hinzufügen
factors-again = Neu einrichten
totp-key = Scannen Sie das mit Ihrem Authenticator, oder tippen Sie den Schlüssel ab. Beides wird nur einmal gezeigt.
totp-code = Der Schlüssel als QR-Code
totp-first-code = Der Code, den er dann zeigt
keys-list = Ihre Sicherheitsschlüssel
keys-since = seit { $day }
keys-remove = Entfernen
key-name = Wie Sie ihn nennen
key-add = Den eingesteckten Schlüssel hinzufügen
pass-phrase-new = Ihr Passsatz: 15 Zeichen oder mehr, etwa fünf Wörter, die nicht zusammengehören
pass-phrase-again = Noch einmal derselbe
pass-phrase-other = Der zweite ist ein anderer.
codes-once = Bewahren Sie diese auf, wo niemand sonst sie findet. Sie werden nur einmal gezeigt; ältere gelten nicht mehr.
codes-kept = Ich habe sie aufbewahrt
consent-title = Ohne Biometrie arbeiten
consent-text = Mit dem Lernen haben Sie zugestimmt, erkannt zu werden. Das können Sie zurücknehmen: alles Gelernte wird gelöscht, nichts schaut mehr zu, und StillYou fragt stattdessen von Zeit zu Zeit nach. Sonst ändert sich für Sie nichts.
consent-withdraw = Zustimmung zurücknehmen
consent-without = Sie arbeiten ohne Biometrie. StillYou fragt alle { $every } Minuten nach und nach { $idle } Minuten ohne Eingabe. Wer unter Einrichten lernen lässt, stimmt wieder zu.
privacy-model = Das Tippen beurteilt das Modell { $model }.
privacy-stored = Was gespeichert ist und wo
privacy-stored-none = Nichts ist gespeichert.
stored-template = Wie Sie tippen oder zeigen
stored-key = Schlüssel, der es versiegelt
stored-ledger = Protokoll der Entscheidungen
stored-policy = Richtlinie
privacy-never = Was nie gespeichert, geloggt oder gesendet wird
privacy-never-1 = Was Sie tippen
privacy-never-2 = Welche Tasten, sobald 50 weitere gedrückt sind
privacy-never-3 = Bilder von Ihnen oder Ihrem Bildschirm
privacy-never-4 = Ihr Passwort: eine Nachricht, an beiden Enden gelöscht
privacy-never-5 = Webseiten, Programme, Dokumente
privacy-export = Ihr Protokoll mitnehmen
privacy-export-text = Schreibt das Protokoll der Entscheidungen, ohne Biometrie, in eine Datei von Ihnen.
privacy-export-go = Exportieren
privacy-exported = Geschrieben nach { $path }
privacy-erase = Alles löschen
privacy-erase-text = Entfernt das Gelernte über Sie, den Schlüssel zuerst, und sieht nach, dass nichts übrig ist. StillYou kennt Sie dann nicht mehr. Das Protokoll der Entscheidungen bleibt: Es enthält keine Biometrie und beweist die Löschung.
privacy-erase-word = löschen
privacy-erase-type = Tippen Sie „{ $word }“, um fortzufahren
privacy-erase-go = Alles löschen
privacy-erased = Gelöscht. Nichts ist übrig.
privacy-erased-text = { $places ->
    [one] An einem Ort wurde nachgesehen, er ist leer. Entfernt:
   *[other] An { $places } Orten wurde nachgesehen, alle sind leer. Entfernt:
  }
privacy-erased-nothing = { $places ->
    [one] Es gab nichts zu entfernen. An einem Ort wurde nachgesehen, er ist leer.
   *[other] Es gab nichts zu entfernen. An { $places } Orten wurde nachgesehen, alle sind leer.
  }

## Richtlinie

policy-title = Richtlinie
policy-lead = Die Regeln, die gelten. Wer diesen Rechner verwaltet, legt sie fest; hier sind sie nur zu lesen. Die Erläuterungen sind auf Englisch.
policy-defaults = Keine Richtliniendatei gilt: Das sind die Voreinstellungen.
policy-files = { $count ->
    [one] Aus einer Datei:
   *[other] Aus { $count } Dateien, die spätere verschärft die frühere:
  }
policy-search = Richtlinie durchsuchen
policy-only-changed = Nur was von der Voreinstellung abweicht
policy-found = { $count ->
    [0] Nichts gefunden
    [one] Eine Regel
   *[other] { $count } Regeln
  }
policy-changed = Weicht ab
policy-default = Voreinstellung: { $value }
policy-set-by = Festgelegt in { $file }
policy-may = Sie dürfen: { $may }

## Tray (liest die Rust-Seite)

tray-open = StillYou öffnen
tray-verify = Jetzt bestätigen
tray-pause = Pausieren
tray-pause-minutes = { $minutes ->
    [one] Für eine Minute
   *[other] Für { $minutes } Minuten
  }
tray-resume = Jetzt weiter
tray-lock = Jetzt sperren
tray-start = Hinschauen beginnen
tray-quit = Beenden
tray-state-verified = StillYou: immer noch Sie
tray-state-watch = StillYou: schaut genauer hin
tray-state-step-up = StillYou: Bestätigen Sie, dass Sie es sind
tray-state-learning = StillYou: noch nicht gelernt
tray-state-enrolling = StillYou: lernt, { $percent } %
tray-state-paused = { $minutes ->
    [one] StillYou: noch eine Minute pausiert
   *[other] StillYou: noch { $minutes } Minuten pausiert
  }
tray-state-camera = StillYou: Die Kamera ist an
tray-state-trouble = StillYou: nicht voll geschützt
tray-state-locked = StillYou: gesperrt
tray-state-off = StillYou: schaut nicht hin
tray-camera-on = Kamera an
tray-under-grant = mit Freigabe bis

## Mitteilungen (liest die Rust-Seite)

notice-window-step-up = StillYou: Bestätigen Sie, dass Sie es sind
notice-window-main = StillYou

## Fälle, Freigaben und Prüfungen

grant-until = Arbeit mit Freigabe bis { $until }
grant-emergency = NOTFALL-FREIGABE bis { $until }
grant-text = { $sensors } zählt so lange nicht. Sie bestätigen mindestens alle { $minutes } Minuten, dass Sie es sind.
grant-suspended = Sie gilt im Moment nicht: { $why }
cases-title = Wenn es Sie nicht erkennt
cases-lead = Ein Verband, eine neue Tastatur, eine kaputte Kamera: Jemand in Ihrer Organisation kann für Sie bürgen, auf Zeit und mit Protokoll.
cases-enter = Eingeben, was Sie bekommen haben
cases-cannot = Etwas geht bei Ihnen nicht
cases-cannot-text = Sagen Sie, was Sie nicht benutzen können. Das eröffnet einen Fall; jemand anderes entscheidet.
cases-which = Was Sie nicht benutzen können
cases-for-good = Für länger, wie es die Richtlinie erlaubt: ersetzen
cases-open = Fall eröffnen
cases-own = Ihre Fälle
cases-none = Keine Fälle.
case-state-open = Offen
case-state-granted = Eine Freigabe gilt
case-state-declared = Ersetzt
case-state-ended = Wartet auf die Prüfung
case-state-closed = Geschlossen
case-state-reviewed = Geprüft
case-cause-sensor = Der Sensor
case-cause-environment = Die Umgebung
case-cause-accessibility = Passt nicht zur Person
case-cause-drift = Die Person hat sich verändert
case-cause-suspected-abuse = Verdacht auf Missbrauch
case-cause-unknown = Unbekannt
case-cause-not-measured = Nicht gemessen
case-nothing-in-particular = Nichts Bestimmtes
case-granted = Freigabe bis { $until }, von { $by } ({ $profile }).
case-declared = Ersetzt durch: { $factor }, bis { $until }, zugestimmt von { $by }.
case-nobody = niemandem
case-review-due = Prüfung fällig { $due }.
case-show-code = Code zeigen
case-export = Exportieren
case-print = Seite zum Drucken
case-close = Fall schließen
case-end-grant = Freigabe beenden
case-end-declaration = Ersatz beenden
glass-offer = Niemand ist erreichbar…
glass-head = NOTFALL-FREIGABE
glass-text = Sie arbeiten sofort weiter, ohne Freigebende, bis zu { $minutes } Minuten lang und ohne Sensoren. Das wird SOFORT denen gemeldet, die Ihre Organisation nennt, bleibt im Protokoll und wird geprüft. Wer sie ohne Not benutzt, steht dafür ein.
glass-why = Warum es nicht warten kann
glass-go = Notfall-Freigabe benutzen
case-code-text = Sagen Sie die Zeichen am Telefon, oder lassen Sie den Code scannen. Wahrscheinlichste Ursache: { $cause }.
case-code-label = Code des Falls { $code }
case-request = Oder senden Sie diesen Text
profile-standard = gewöhnliche Arbeit
profile-remote = Arbeit von anderswo
profile-regulated = regulierte Arbeit
profile-privileged = privilegierte Arbeit
profile-accessibility = ein Sensor soll ersetzt werden
profile-emergency = Notfall
role-service-desk = Service-Desk
role-security = Sicherheit
role-manager = Führung
channel-call-back = Rückruf unter bekannter Nummer
channel-video = Im Videogespräch gesehen
channel-in-person = Persönlich getroffen
verdict-justified = Sie war richtig
verdict-not-justified = Sie war unnötig oder zu weit
verdict-abuse = Sie wurde missbraucht
entered-grant = Angenommen: Die Freigabe gilt.
entered-declaration = Angenommen: Es ist ab jetzt ersetzt.
entered-revocation = Angenommen: Die Freigabe ist widerrufen.
entered-review = Angenommen: Der Fall ist geprüft.
enter-text = Freigabe, Widerruf oder Prüfung
enter-go = Anwenden
scan-begin = Mit der Kamera scannen
scan-outline = Wo der Code ist
scan-parts = { $taken } von { $needed } Teilen
scan-no-code = Halten Sie den Code vor die Kamera
scan-more-light = Halten Sie den Code vor die Kamera, mit mehr Licht
scan-keep-still = Halten Sie ihn still und gerade
scan-other-code = Das ist ein anderer Code
scan-next-part = Lassen Sie die nächsten Teile kommen
codes-in-parts = In Teilen, für eine Webcam
codes-whole = Als ein Code
codes-part = Teil { $part } von { $parts }
enter-telephone = Es wurde am Telefon gesagt
enter-approver = Wer es sagte
enter-digits = Die acht Ziffern
minutes = Minuten
approvals-title = Freigaben
approvals-lead = Sie, { $person }, entscheiden über Fälle anderer: { $roles }.
approvals-none = Die Richtlinie gibt { $person } keine Rolle. Hier steht, was dieser Rechner gezählt hat.
approvals-no-key = Der Schlüssel aus der Richtlinie ist nicht in Ihrem Schlüsselbund: Führen Sie „stillyou grant key new“ aus und geben Sie der Verwaltung, was es ausgibt.
approvals-approve = Einen Fall freigeben
approvals-review = Einen Fall prüfen
approvals-report = Wiederholtes Scheitern
approve-request = Der Text des Falls
approve-look = Lesen
approve-of = { $person } an { $device }
approve-code = Code
approve-opened = Eröffnet
approve-failed = Was scheiterte
approve-cause = Wahrscheinlichste Ursache
approve-tried = Was versucht wurde
approve-profile = Grenzen für
approve-controls = Solange sie gilt
approve-controls-text = ein Nachweis mindestens alle { $minutes } Minuten, die Punkte fallen { $factor }-mal so schnell, { $looks } Blicke je Stunde
approve-unsigned = Niemand hat diese Gründe unterschrieben. Fragen Sie die Person auf einem Weg, den Sie kennen.
approve-reason = Warum, fürs Protokoll
approve-channel = Woran Sie sie erkannten
approve-no-channel = nicht angegeben
approve-instead = Ersetzt durch
approve-without-sensors = Ohne jeden Sensor
approve-first = Die Freigabe, die schon unterschrieben ist
approve-first-look = Zeigen, was sie erlaubt
terms-allows = Erlaubt
terms-from = Von
terms-until = Bis
terms-channel = Erkannt durch
terms-network = Netz
terms-any-network = jedes
terms-signed = Unterschrieben von
terms-reason = Warum
scope-set-aside = { $sensor } zählt nicht
scope-non-biometric = Kein Sensor zählt
scope-unsuitable = { $sensor } wird ersetzt durch: { $factor }
signature-good = { $signer } ({ $roles })
signature-bad = { $signer }: GEFÄLSCHT. Sie wurde verändert oder mit einem anderen Schlüssel unterschrieben.
signature-unknown = { $signer }: nicht in der Richtlinie dieses Rechners
approve-sign = Freigabe unterschreiben
approve-countersign = Als Zweite unterschreiben
approve-grant = Die Freigabe
signed-complete = Unterschrieben. Lassen Sie es scannen oder senden Sie den Text.
signed-half = Unterschrieben. Es braucht noch eine zweite Unterschrift.
review-text = Ein Fall, wie er auf seinem Rechner exportiert wurde. Niemand prüft den eigenen.
review-file = Exportierter Fall
review-verdict = Die Freigabe
review-choose = Wählen
record-state = Stand
record-measured = Was gemessen wurde
record-against = Was gegen sie sprach
record-nats = { $cause }: { $nats } Nat
record-wrong-codes = Falsche gesprochene Codes
record-no-grant = Es wurde keine Freigabe benutzt.
record-how = Wie sie kam
record-approved = Freigegeben von
record-over = Vorbei
record-due = Prüfung fällig
record-late = (verspätet: gemeldet { $when })
record-reviewed = Geprüft
record-evidence = Worüber Sie unterschreiben, SHA-256 { $hash }
how-signature = Unterschrieben
how-voice = Am Telefon
how-emergency = Notfall-Freigabe, ohne Freigebende
end-expired = { $when }: die Zeit war um
end-revoked = { $when }: zurückgenommen
end-given-up = { $when }: nicht mehr nötig
end-lapsed = { $when }: niemand hat rechtzeitig geantwortet
review-note = Anmerkung
review-sign = Prüfung unterschreiben
review-signed = Die Prüfung
report-text = Nur Scheitern, nie Tätigkeit, und keine Zahl über zu wenige. Wählen Sie, was Rechner gezählt haben; ohne Dateien dieser.
report-files = Was Rechner gezählt haben
report-go = Zahlen zeigen
report-counts = Zählung dieses Rechners schreiben
report-too-few = Weniger als { $least } Personen: keine Zahlen.
report-all = { $failures } Mal gescheitert, { $people } Personen.
report-bar = { $failures } Mal, { $people } Personen
report-withheld = { $groups } nicht gezeigt: zu wenige Personen.
report-by-modality = Nach dem, was scheiterte
report-by-cause = Nach Ursache
report-by-sensor = Nach Art des Sensors
report-by-outcome = Nach Ausgang
report-false-reject = Beantwortet: zu Unrecht gefragt
report-unsettled = Wurde ein Fall
report-advice = Was zu ändern ist
report-change-sensor = { $sensor }: Sensor tauschen oder reparieren ({ $failures } von { $of } gemessenen, { $people } Personen)
report-change-environment = { $sensor }: Licht ändern ({ $failures } von { $of } gemessenen, { $people } Personen)
report-change-modality = { $sensor }: ersetzen, wo es nicht passt ({ $failures } von { $of } gemessenen, { $people } Personen)
report-change-enrolment = { $sensor }: neu einrichten ({ $failures } von { $of } gemessenen, { $people } Personen)
report-change-threshold = { $sensor }: weniger glauben oder später fragen ({ $failures } von { $of } gemessenen, { $people } Personen)
report-patterns = Wo die Sicherheit hinsehen sollte
report-pattern-near-lockouts = { $name }: { $times } Mal knapp vor der Sperre
report-pattern-one-approver = { $name } gab { $times } von { $of } Freigaben
report-pattern-one-device = { $name } hat { $times } von { $of } Freigaben
