# Every string of the app. `tray-` and `notice-` are read by src-tauri, the rest by ui/.

## What stands everywhere

app-name = StillYou
nav = Views
nav-now = Now
nav-start = Get started
nav-history = History
nav-cases = Help
nav-approvals = Approvals
nav-privacy = Privacy
nav-policy = Policy
skip = Skip to content
cancel = Cancel
close = Close
loading = One moment…
try-again = Try again

error-no-agent = StillYou’s agent does not answer.
error-needs-step-up = This needs a fresh confirmation that it’s you.
error-refused = Not allowed: { $why }
error-failed = That did not work: { $why }

## States, in big words and in a sentence

state-verified = Still you.
state-verified-text = How you type looks like you. Nothing to do.
state-without = Without biometrics
state-without-text = Nothing watches. StillYou asks for proof every { $every } minutes and after a break.
state-watch = Looking closer.
state-watch-text = StillYou is less sure than usual. Just keep working; typing settles it.
state-step-up = Is it still you?
state-step-up-text = { $seconds ->
    [one] Confirm within one second, or the session locks.
   *[other] Confirm within { $seconds } seconds, or the session locks.
  }
state-locking-text = Time is up. The session is being locked.
state-locked = Locked.
state-locked-text = The session is locked. StillYou looks away until it is unlocked.
state-locked-by-score-text = StillYou locked the session. It will ask you to confirm after the unlock.
state-learning = Not learnt yet.
state-learning-text = StillYou doesn’t know how you type, so it neither asks nor locks.
state-enrolling = Getting to know you.
state-enrolling-text = { $share } learnt. Until it is done, StillYou neither asks nor locks.
state-paused = Paused.
state-paused-text = Nobody is watching for { $left } more. Then it goes on by itself.
state-trouble = Not fully protected.
state-trouble-text = { $count ->
    [one] Something that should protect you can’t. See below what to do.
   *[other] { $count } things that should protect you can’t. See below what to do.
  }
state-off = Not watching.
state-off-text = StillYou’s agent isn’t running on this session. Nothing is asked, and nothing is protected.
state-off-start = Start it

## Now

now-verify = Verify now
now-answer = Confirm now
now-lock = Lock now
now-pause = Pause…
now-pause-for = Pause for
now-pause-text = Nobody watches while it is paused. It needs your password, goes on record, and ends by itself.
now-pause-minutes = { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
  }
now-pause-go = Pause
now-resume = Go on now
now-get-started = Get started

today = Today
today-none = Nothing recorded today yet.
today-summary = Today so far: { $list }.
today-part = { $state } { $duration }
today-at = { $state }, { $from } to { $to }
today-table = Today, moment by moment
today-from = From
today-state = State

moment-verified = Verified
moment-watch = Watch
moment-step-up = Asked to confirm
moment-learning = Learning
moment-paused = Paused
moment-locked = Locked
moment-off = Not running

sensors = Sensors
sensor-keystroke = Typing
sensor-pointer = Pointer
sensor-face = Camera
sensor-on = Watching
sensor-ready = Off, opened when needed
sensor-off = Turned off
sensor-not-seen = Can’t be seen
sensor-not-learnt = Not learnt, says nothing
sensor-not-there = Never used here
sensor-muted = Counts for nothing until the next login
sensor-replaced = Replaced by: { $factor }, until { $until }

trouble-cannot-lock = The session can’t be locked
trouble-keyboard-not-visible = The keyboard can’t be seen
trouble-no-keyboard = No keyboard is attached
trouble-keychain-unavailable = The keychain can’t be opened
trouble-template-unusable = What was learnt about you can’t be used
trouble-lock-state-unknown = Whether the session is locked can’t be told
trouble-ledger-unavailable = Decisions can’t be recorded
trouble-ledger-refused = The record was changed by something else
trouble-model-failed = Typing or pointing can’t be judged
trouble-policy-unusable = A policy file can’t be used
trouble-pointer-not-visible = The pointer can’t be seen
trouble-context-not-visible = Surroundings that policy asks for can’t be seen
trouble-camera-blind = The camera shows nothing
trouble-others-not-told = Others were not told of an exception

circumstances = Around you now
circumstance-remote-session = Remote session
circumstance-screen-shared = Screen shared
circumstance-unknown-network = Unknown network
circumstance-switched-away = Another session in front
circumstance-new-device = New keyboard or pointer
circumstance-injected-input = Input made by a program
circumstance-looking-away = Somebody looks away
circumstance-several-people = More than one person
circumstance-somebody-else = Somebody else

why = Why
why-hidden = Score and reasons are shown after you confirm, and only for a short while. Somebody at your desk must not learn from them.
why-show = Show score and reasons
why-score = Score { $score } of 100
why-odds = About 1 in { $odds } that somebody else is there
why-likely = Likelier than not that somebody else is there
why-begun = It began at 1 in { $odds }. Since then:
why-begun-likely = It began with somebody else being likelier. Since then:
why-none = Nothing has moved it yet.
why-you = { $factor }× likelier you
why-other = { $factor }× likelier somebody else
why-hardly = hardly moves it
why-weights = Everything that counted, and its weight
shown-for = { $seconds ->
    [one] Shown for one more second
   *[other] Shown for { $seconds } more seconds
  }

cause-common-hold = How long you hold common letters
cause-rare-hold = How long you hold rare letters
cause-space-hold = How long you hold the space bar
cause-other-hold = How long you hold other keys
cause-one-hand = The rhythm of letters of one hand
cause-two-hands = The rhythm of letters of both hands in turn
cause-words = Pauses between words
cause-corrections = Pauses around corrections
cause-other-gap = Pauses around punctuation and other keys
cause-speed = Typing speed
cause-machine = Typing that no hand makes
cause-replay = Typing that repeats itself
cause-pointer-rhythm = Pauses between movements of the pointer
cause-pointer-clicks = How you click
cause-pointer-speed = How fast the pointer moves
cause-pointer-changes = How the pointer speeds up and slows down
cause-pointer-path = The curves of the pointer’s path
cause-time = Time without proof
cause-unlock = The session was unlocked
cause-typing = Typing as a whole
cause-pointer = Pointer as a whole
cause-face = The face
cause-likeness = Likeness of the face
cause-looks-like-an-attack = Looks like a picture or a screen
cause-repeats = Camera pictures that were there before
cause-plane = Face and background moved as one
cause-still = A head that kept perfectly still
cause-no-blink = Eyes that never blinked
cause-no-pad = No protection against pictures and screens
cause-camera-doubt = A camera that is not the known one
cause-remote-session = Time in a remote session
cause-screen-shared = Time with the screen shared
cause-unknown-network = Time on an unknown network
cause-switched-away = Time with another session in front
cause-new-device = Time after a new keyboard or pointer
cause-injected-input = Time after input that a program made
cause-looking-away = Time after the camera saw somebody look away
cause-several-people = Time after the camera saw more than one person
cause-somebody-else = Time after the camera saw somebody else

## Confirm it's you

confirm = Confirm it’s you
confirm-to-see = Confirm it’s you to see this
confirm-to-see-text = It stays open for a short while, so that somebody who sits down at your desk sees nothing.
confirm-to-do-text = This changes how well you are protected, so it needs proof that it is you, and goes on record.
confirm-why-evidence = It didn’t look like you.
confirm-why-scheduled = It has been a while since the last sign of you.
confirm-why-after-unlock = The session was just unlocked.
confirm-asked-by-you = Prove it now and StillYou starts afresh.
confirm-to-pause = Then StillYou pauses, as you chose.
confirm-to-quit = Then StillYou ends, as you chose, and nobody watches.
confirm-left = { $seconds ->
    [one] One second left
   *[other] { $seconds } seconds left
  }
confirm-seconds = { $seconds ->
    [one] second
   *[other] seconds
  }
confirm-with = Confirm with
confirm-with-some = Confirm with { $factors } of these
confirm-password = Your password for this computer
confirm-totp = The code that your authenticator shows
confirm-recovery-code = One of your recovery codes
confirm-pass-phrase = Your pass-phrase
confirm-more = { $factors ->
    [one] Right. One more: confirm in another way as well.
   *[other] Right. { $factors } more: confirm in other ways as well.
  }
confirm-refused = That did not count: { $why }
way-password = Password
way-totp = One-time code
way-recovery-code = Recovery code
way-security-key = Security key
way-pass-phrase = Pass-phrase
way-face = Face
key-text = Plug your security key in, if it is not. It blinks when it wants to be touched.
key-use = Use my security key
key-pin = The PIN of your security key
key-touch = Touch your security key
check-text = The camera asks you to blink or to turn your head, in an order that nobody knows before. It keeps no picture.
check-begin = Check my face
check-blink = Blink
check-turn-left = Turn your head to your left
check-turn-right = Turn your head to your right
check-look-up = Look up
confirm-go = Confirm
confirm-checking = Checking…
confirm-caps = Caps Lock is on
confirm-right = Thank you. Still you.
confirm-granted = Go on. An approver vouches for you.
confirm-wrong = { $tries ->
    [0] That was not it. Each further try has to wait.
    [one] That was not it. One try left.
   *[other] That was not it. { $tries } tries left.
  }
confirm-wait = { $seconds ->
    [one] Too many wrong answers. Try again in one second.
   *[other] Too many wrong answers. Try again in { $seconds } seconds.
  }
confirm-disabled = Too many wrong answers. Answers count again after the next login.
confirm-unavailable = This can’t be checked: { $why }
confirm-empty = Type something first.
confirm-no-factor = Nothing is set up that could answer this. Lock the session, or get help.
confirm-locking = Time is up. Locking…
confirm-locked = The session is locked.
confirm-lock = Lock now
confirm-help = Get help
confirm-answer = Answer after all

## Get started

start-title = Get started
start-lead = StillYou learns the rhythm of your typing. It takes about ten minutes of text, or some hours of ordinary work.
start-captured = What it looks at
start-captured-1 = How long each key is held
start-captured-2 = The time from one key to the next
start-captured-3 = Which key it was, for as long as 50 more are not yet pressed
start-captured-4 = How the pointer moves, clicks and scrolls; where it was is forgotten when the movement ends
start-never = What it never keeps
start-never-1 = What you type: keys live in memory for 50 strokes, then they are wiped
start-never-2 = Passwords, sites, window titles, screenshots
start-never-3 = Anything on a server: nothing leaves this computer
start-factors = What answers when it asks
factor-password = Your password for this computer
factor-totp = A code from your authenticator
factor-recovery-code = One of your recovery codes
factor-security-key = Your security key
factor-pass-phrase = Your pass-phrase
factor-face = Your face
factor-override = An approver’s word
start-factor-ready = Ready
start-go = Start learning
start-consent = This gives your consent to being recognised. Privacy takes it back at any time, and work goes on without.
start-again = Learn anew
start-again-text = What was learnt before counts until the new one is done.
start-learning = Learning
start-progress = { $done } of { $needed } keystrokes
start-progress-label = Learnt so far
start-finishing = Nearly there: checking that it would recognise you. Keep typing.
start-how = How to go on
start-type = Type this text
start-work = Just work
start-type-text = Type at your own pace. Mistakes are welcome: how you correct them is part of you.
start-type-label = Type here. What stands in this box is read by nobody and gone when you leave.
start-next = Another text
start-pointer = Use the mouse or the touchpad now and then meanwhile: how you point is learnt beside it.
start-work-text = Close this window and do what you do. It learns from ordinary typing and tells you when it is done.
start-stop = Stop learning
start-problem = It did not work out yet: { $why }
start-done = It knows you now.
start-done-text = { $keystrokes ->
    [one] Learnt from one keystroke. From now on, StillYou notices when it isn’t you.
   *[other] Learnt from { $keystrokes } keystrokes. From now on, StillYou notices when it isn’t you.
  }
start-done-pointer = { $strokes ->
    [one] And from one movement of the pointer.
   *[other] And from { $strokes } movements of the pointer.
  }
start-done-no-pointer = How you point was not learnt, so the pointer says nothing. To change that, learn anew and use it meanwhile.
start-expect = What to expect
start-expect-per-day = { $rate ->
    [one] About one needless question in 8 hours of typing.
   *[other] About { $rate } needless questions in 8 hours of typing.
  }
start-expect-days = { $days ->
    [one] About one needless question a day of 8 hours’ typing.
   *[other] About one needless question in { $days } days of 8 hours’ typing.
  }
start-expect-none = No needless question was seen while learning.
start-expect-bound = { $bound ->
    [one] With 95 % certainty not more than one in 8 hours.
   *[other] With 95 % certainty not more than { $bound } in 8 hours.
  }
start-expect-windows = Of your own stretches of typing, { $share } would speak against you. The clearest of those may ask.
start-to-now = Go to Now

face-title = Your face
face-text = If you like, it can also look who is in front of the camera: rarely and for a few seconds, when in doubt, after a break, and now and then by chance. It compares; it keeps no picture. Privacy turns it off again.
face-policy = Your organisation asks for it.
face-known = Known from { $images } pictures.
face-learn = Learn my face
face-again = Learn it anew
face-stop = Stop
face-progress = { $taken } of { $needed } pictures
face-outline = Where your face is
face-problem = It did not work out: { $why }
face-unseen = The last look saw nothing: { $why }
face-dark = Waiting for the camera…
face-hint-ahead = Look straight at the camera
face-hint-left = Turn your head a little to your left
face-hint-right = Turn your head a little to your right
face-hint-up = Look up a little
face-hint-down = Look down a little
face-hint-nobody-there = Come into the picture
face-hint-one-person-only = Be alone in the picture
face-hint-come-closer = Come closer
face-hint-move-back = Move back
face-hint-more-light = More light on your face, please
face-hint-less-light = Less light on your face, please
face-hint-keep-still = Keep still
face-hint-done = Done

passage-1 = The harbour was quiet before the ferry came. A man in a yellow coat swept the steps, slowly, as if each of them deserved its own minute. Gulls walked along the railing and complained about the weather. When the horn sounded, doors opened along the whole street; somebody laughed, somebody ran, and a dog sat down in the middle of everything and waited for the world to go around it.
passage-2 = We moved the piano on a Thursday. It had stood in the same corner for thirty years, and the floor beneath it was a different colour, like a photograph of an older room. My aunt made tea for everyone who had come to help. “It will never be in tune again,” she said, quite happily, and then she sat down and played until it was dark.
passage-3 = There are two kinds of rain in this valley. One comes from the west, with plenty of warning, and people take in their washing and close the upper windows. The other simply begins. You are halfway across the bridge, thinking about lunch, and it begins; and for the rest of the day your shoes tell everybody where you have been.

## History

history-title = History
history-lead = What StillYou decided, and why. Each reason can be recomputed from the record.
history-empty = Nothing has been decided yet.
history-record = The record
history-record-text = Every decision is chained to the one before it. A change, a gap or a missing end would show.
history-check = Check the record
history-holds = { $entries ->
    [one] One entry, unbroken.
   *[other] { $entries } entries, unbroken.
  }
history-head = Newest: { $head }
history-chart = Score at each decision
history-chart-text = Score at { $count } decisions, from { $from } to { $to }: lowest { $lowest }, last { $last }.
history-score = Score { $score }
look-pictures = The last look compared { $compared } of { $taken } pictures, with a quality of { $quality } %.
face-map = Parts of the face in the last look that spoke against you
face-map-against = Mostly the { $part } spoke against you.
face-map-nothing = No part of the face by itself spoke against you.
face-map-how = Filled squares speak against you, outlined ones for you; the larger, the more. Roughly: one part is never looked at alone.
part-forehead = forehead and hair
part-eyes = eyes and brows
part-nose = nose and cheeks
part-mouth = mouth and chin
history-entry = Entry { $entry }
history-recomputed = Recomputed from the record: it gives the same score.
history-not-recomputed = Recomputed from the record, it gives another score. The entry can’t be trusted.

event-begun = Began to watch
event-learning-again = Back to learning
event-band-verified = Sure again
event-band-watch = Looked closer
event-band-step-up = Doubted it was you
event-band-lock = Was sure it was somebody else
event-step-up-evidence = Asked you: the typing didn’t look like yours
event-step-up-evidence-pointer = Asked you: the pointer didn’t move as yours does
event-step-up-scheduled = Asked you: it had been a while
event-step-up-after-unlock = Asked you: the session was unlocked
event-verified = You confirmed it
event-step-up-failed = { $failures ->
    [one] A wrong answer
   *[other] { $failures } wrong answers
  }
event-step-up-ended-verified = The question ended: it was you
event-step-up-ended-locked = The question ended: locked
event-lock-score = Locked: it looked like somebody else
event-lock-grace-over = Locked: nobody answered in time
event-lock-failures = Locked: too many wrong answers
event-lock-watch-lost = Locked: for a while nobody watched
event-lock-left = Locked: nobody was in front of the camera any more
event-lock-retry = Locked: an earlier try had failed
event-locked = The session was locked
event-unlocked = The session was unlocked
event-paused = You paused it
event-resumed = Went on after a pause
event-muted = { $sensor } asked too often and counts for nothing until the next login
event-override-began = A grant is in force: { $sensors } counts for nothing
event-override-ended = The grant is over
event-vouched = An approver vouched for you
event-trouble-began = Trouble: { $trouble }
event-trouble-ended = Over: { $trouble }

## Privacy

privacy-title = Privacy
privacy-lead = Everything stays on this computer. Here is what there is, and how to be rid of it.
privacy-sensors = What may watch
privacy-pad-missing = Without liveness weights pictures and screens are not looked for, so your face counts for less. Whoever set this up can get them: ./x models --pad
privacy-pad-refused = The liveness weights can’t be used, so your face counts for less: { $why }
privacy-fixed = Your organisation keeps this on.
privacy-keystroke-text = The rhythm of your keys. Which ones they were is wiped after 50 more.
privacy-pointer-text = How the pointer moves and clicks.
privacy-face-text = Whether it is your face in front of the camera.
factors-title = Ways to prove it’s you
factors-text = Beside your password. Erasing what is stored removes them too.
factors-totp-text = Six digits that an authenticator on your phone shows, new every half minute.
factors-codes-text = Ten codes to keep on paper. Each works once.
factors-key-text = A FIDO2 key on USB. You touch it, and it checks your PIN or your finger itself.
factors-pass-phrase-text = A sentence of your own that only StillYou knows.
factors-left = { $left ->
    [one] One left
   *[other] { $left } left
  }
factors-set-up = Set up
factors-not-set-up = Not set up
factors-needed = Your organisation asks for it: set it up
factors-begin = Set up
factors-add = Add another
factors-again = Set up anew
totp-key = Scan this with your authenticator, or type the key. Both are shown once.
totp-code = The key as a QR code
totp-first-code = The code that it shows then
keys-list = Your security keys
keys-since = since { $day }
keys-remove = Remove
key-name = What you call it
key-add = Add the key that is plugged in
pass-phrase-new = Your pass-phrase: 15 characters or more, such as five words that don’t belong together
pass-phrase-again = The same again
pass-phrase-other = The second one is another.
codes-once = Keep these where nobody else finds them. They are shown once; older ones no longer work.
codes-kept = I have kept them
consent-title = Working without biometrics
consent-text = You agreed to be recognised when you had yourself learnt. You can take that back: everything learnt is erased, nothing watches any more, and StillYou asks for proof from time to time instead. Nothing else changes for you.
consent-withdraw = Withdraw consent
consent-without = You work without biometrics. StillYou asks for proof every { $every } minutes, and after { $idle } minutes without input. Learning under Get started gives your consent again.
privacy-model = Typing is judged by the model { $model }.
privacy-stored = What is stored, and where
privacy-stored-none = Nothing is stored.
stored-template = How you type or point
stored-key = Key that seals it
stored-ledger = Record of decisions
stored-policy = Policy
privacy-never = What is never stored, logged or sent
privacy-never-1 = What you type
privacy-never-2 = Which keys, once 50 more were pressed
privacy-never-3 = Pictures of you or your screen
privacy-never-4 = Your password: one message, wiped on both ends
privacy-never-5 = Sites, programs, documents
privacy-export = Take your record with you
privacy-export-text = Writes the record of decisions, without biometrics, to a file of yours.
privacy-export-go = Export
privacy-exported = Written to { $path }
privacy-erase = Erase everything
privacy-erase-text = Removes what was learnt about you, key first, and looks again that nothing is left. StillYou goes back to not knowing you. The record of decisions stays: it holds no biometrics and proves the erasure.
privacy-erase-word = erase
privacy-erase-type = Type “{ $word }” to go on
privacy-erase-go = Erase everything
privacy-erased = Erased. Nothing is left.
privacy-erased-text = { $places ->
    [one] One place was looked at again and found empty. Removed:
   *[other] { $places } places were looked at again and found empty. Removed:
  }
privacy-erased-nothing = { $places ->
    [one] There was nothing to remove. One place was looked at and found empty.
   *[other] There was nothing to remove. { $places } places were looked at and found empty.
  }

## Policy

policy-title = Policy
policy-lead = The rules in force. They are set by whoever runs this computer, and can only be read here.
policy-defaults = No policy file is in force: these are the defaults.
policy-files = { $count ->
    [one] From one file:
   *[other] From { $count } files, the later tightening the earlier:
  }
policy-search = Search the policy
policy-only-changed = Only what differs from the default
policy-found = { $count ->
    [0] Nothing found
    [one] One rule
   *[other] { $count } rules
  }
policy-changed = Differs
policy-default = Default: { $value }
policy-set-by = Set by { $file }
policy-may = You may: { $may }

## Tray (read by the app's Rust side)

tray-open = Open StillYou
tray-verify = Verify now
tray-pause = Pause
tray-pause-minutes = { $minutes ->
    [one] For one minute
   *[other] For { $minutes } minutes
  }
tray-resume = Go on now
tray-lock = Lock now
tray-start = Start watching
tray-quit = Quit
tray-state-verified = StillYou: still you
tray-state-watch = StillYou: looking closer
tray-state-step-up = StillYou: confirm it’s you
tray-state-learning = StillYou: not learnt yet
tray-state-enrolling = StillYou: learning, { $percent } %
tray-state-paused = { $minutes ->
    [one] StillYou: paused for one more minute
   *[other] StillYou: paused for { $minutes } more minutes
  }
tray-state-camera = StillYou: the camera is on
tray-state-trouble = StillYou: not fully protected
tray-state-locked = StillYou: locked
tray-state-off = StillYou: not watching
tray-camera-on = camera on
tray-under-grant = under a grant until

## Notices (read by the Rust side)

notice-window-step-up = StillYou: confirm it’s you
notice-window-main = StillYou

## Cases, grants and reviews

grant-until = Working under a grant until { $until }
grant-emergency = THE GLASS IS BROKEN until { $until }
grant-text = { $sensors } counts for nothing meanwhile. You confirm that it’s you at least every { $minutes } minutes.
grant-suspended = It does not hold at the moment: { $why }
cases-title = When it does not know you
cases-lead = A bandage, a new keyboard, a broken camera: somebody in your organisation can vouch for you, for a while and on the record.
cases-enter = Enter what you were sent
cases-cannot = Something does not work for you
cases-cannot-text = Say what you can’t use. That opens a case; an approver decides.
cases-which = What you can’t use
cases-for-good = For longer, as policy allows: replace it
cases-open = Open a case
cases-own = Your cases
cases-none = No cases.
case-state-open = Open
case-state-granted = A grant is in force
case-state-declared = Replaced
case-state-ended = Waits for its review
case-state-closed = Closed
case-state-reviewed = Reviewed
case-cause-sensor = The sensor
case-cause-environment = The surroundings
case-cause-accessibility = It doesn’t suit the person
case-cause-drift = The person has changed
case-cause-suspected-abuse = Suspected abuse
case-cause-unknown = Unknown
case-cause-not-measured = Not measured
case-nothing-in-particular = Nothing in particular
case-granted = Grant until { $until }, by { $by } ({ $profile }).
case-declared = Replaced by: { $factor }, until { $until }, agreed by { $by }.
case-nobody = nobody
case-review-due = Review due { $due }.
case-show-code = Show code
case-export = Export
case-print = Page to print
case-close = Close case
case-end-grant = End grant
case-end-declaration = End the replacement
glass-offer = Nobody can be reached…
glass-head = BREAK THE GLASS
glass-text = You go on at once, without an approver, for up to { $minutes } minutes and without any sensor. It is told AT ONCE to those whom your organisation names, it stays on the record, and it is reviewed. Whoever uses it without need answers for it.
glass-why = Why it can’t wait
glass-go = Break the glass
case-code-text = Say the letters on the telephone, or let an approver scan the code. Likeliest cause: { $cause }.
case-code-label = Code of case { $code }
case-request = Or send this text
profile-standard = ordinary work
profile-remote = remote work
profile-regulated = regulated work
profile-privileged = privileged work
profile-accessibility = a sensor is to be replaced
profile-emergency = emergency
role-service-desk = service desk
role-security = security
role-manager = manager
channel-call-back = Called back at the number on file
channel-video = Seen in a video call
channel-in-person = Met in person
verdict-justified = It was right
verdict-not-justified = It was not needed, or too wide
verdict-abuse = It was misused
entered-grant = Taken: the grant is in force.
entered-declaration = Taken: it is replaced from now on.
entered-revocation = Taken: the grant is revoked.
entered-review = Taken: the case is reviewed.
enter-text = Grant, revocation or review
enter-go = Use it
scan-begin = Scan with the camera
scan-outline = Where the code is
scan-parts = { $taken } of { $needed } parts
scan-no-code = Hold the code before the camera
scan-more-light = Hold the code before the camera, with more light
scan-keep-still = Keep it still and straight
scan-other-code = That is another code
scan-next-part = Let the next parts come
codes-in-parts = In parts, for a webcam
codes-whole = As one code
codes-part = Part { $part } of { $parts }
enter-telephone = It was said on the telephone
enter-approver = Who said it
enter-digits = The eight digits
minutes = Minutes
approvals-title = Approvals
approvals-lead = You, { $person }, decide on other people’s cases as { $roles }.
approvals-none = The administrator’s policy gives { $person } no role. Here is what this computer counted.
approvals-no-key = The key that policy has for you is not in your keychain: run “stillyou grant key new” and give the administrator what it prints.
approvals-approve = Approve a case
approvals-review = Review a case
approvals-report = Repeated failure
approve-request = The case’s text
approve-look = Read it
approve-of = { $person } on { $device }
approve-code = Code
approve-opened = Opened
approve-failed = What failed
approve-cause = Likeliest cause
approve-tried = What was tried
approve-profile = Limits of
approve-controls = While it lasts
approve-controls-text = a proof at least every { $minutes } minutes, the score falls { $factor } times as fast, { $looks } looks an hour
approve-unsigned = Nobody has signed these reasons. Ask the person, on a channel that you know.
approve-reason = Why, for the record
approve-channel = How you knew them
approve-no-channel = not named
approve-instead = Replaced by
approve-without-sensors = Without any sensor
approve-first = The grant that the first approver signed
approve-first-look = Show what it grants
terms-allows = Allows
terms-from = From
terms-until = Until
terms-channel = Known by
terms-network = Network
terms-any-network = any
terms-signed = Signed by
terms-reason = Why
scope-set-aside = { $sensor } counts for nothing
scope-non-biometric = No sensor counts
scope-unsuitable = { $sensor } is replaced by: { $factor }
signature-good = { $signer } ({ $roles })
signature-bad = { $signer }: FORGED. It was edited, or signed with another key.
signature-unknown = { $signer }: no approver in this computer’s policy
approve-sign = Sign the grant
approve-countersign = Sign as the second
approve-grant = The grant
signed-complete = Signed. Let the person scan it, or send them the text.
signed-half = Signed. It needs another approver’s signature.
review-text = A case as it was exported on its computer. Nobody reviews their own.
review-file = Exported case
review-verdict = The override
review-choose = Choose
record-state = Stands at
record-measured = What was measured
record-against = What spoke against them
record-nats = { $cause }: { $nats } nats
record-wrong-codes = Wrong spoken codes
record-no-grant = No grant was used.
record-how = How it came
record-approved = Approved by
record-over = Over
record-due = Review due
record-late = (late: told { $when })
record-reviewed = Reviewed
record-evidence = What you sign over, SHA-256 { $hash }
how-signature = Signed
how-voice = By telephone
how-emergency = The glass was broken
end-expired = { $when }: its time was over
end-revoked = { $when }: an approver took it back
end-given-up = { $when }: it was not needed any more
end-lapsed = { $when }: nobody answered in time
review-note = Note
review-sign = Sign the review
review-signed = The review
report-text = Failures only, never activity, and no figure about too few people. Choose what computers counted; without files, this one’s.
report-files = What computers counted
report-go = Show figures
report-counts = Write this computer’s counts
report-too-few = Fewer than { $least } people: no figures are shown.
report-all = { $failures } failures of { $people } people.
report-bar = { $failures } failures, { $people } people
report-withheld = { $groups } not shown: too few people.
report-by-modality = By what failed
report-by-cause = By cause
report-by-sensor = By kind of sensor
report-by-outcome = By outcome
report-false-reject = Answered: a false reject
report-unsettled = Became a case
report-advice = What to change
report-change-sensor = { $sensor }: change or repair the sensor ({ $failures } of { $of } measured failures, { $people } people)
report-change-environment = { $sensor }: change the light ({ $failures } of { $of } measured failures, { $people } people)
report-change-modality = { $sensor }: replace it where it doesn’t suit ({ $failures } of { $of } measured failures, { $people } people)
report-change-enrolment = { $sensor }: enrol anew ({ $failures } of { $of } measured failures, { $people } people)
report-change-threshold = { $sensor }: believe it less, or ask later ({ $failures } of { $of } measured failures, { $people } people)
report-patterns = Where to look, for the security team
report-pattern-near-lockouts = { $name }: { $times } failures just before a lock-out
report-pattern-one-approver = { $name } gave { $times } of { $of } approvals
report-pattern-one-device = { $name } has { $times } of { $of } grants
