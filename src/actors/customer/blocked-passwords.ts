/*
 * Passwords that are tried first by everybody who tries any. Only those of eight characters and more: shorter ones are
 * refused for their length. A word of the first list is also common with other digits and marks after it.
 */

const words = `
  password passwort passw0rd p@ssword p@ssw0rd pa55word pass1234 parola12 motdepasse contrasena senha123 wachtwoord
  qwertyui qwertyuiop qwerty12 qwerty123 qwertz123 azerty123 azertyuiop asdfghjk asdfghjkl zxcvbnm1 zxcvbnm, 1qaz2wsx
  qazwsxed qazwsxedc 1q2w3e4r 1q2w3e4r5t q1w2e3r4 q1w2e3r4t5 zaq12wsx zaq1zaq1 !qaz2wsx asdf1234 abcd1234 abc12345 a1b2c3d4
  a123456789 aa123456 aa12345678 abcdefgh abcdefghi abcdefghij letmein1 iloveyou iloveyou1 iloveu123 ilovehim ilovegod
  sunshine princess football baseball basketball superman spiderman starwars pokemon1 welcome1 welcome123 whatever
  trustno1 jennifer michelle jessica1 samantha danielle alexander christian victoria elizabeth benjamin charlotte
  jordan23 michael1 ashley12 nicholas anthony1 matthew1 daniel12 computer internet samsung1 liverpool chelsea1 arsenal1
  barcelona realmadrid manchester juventus corvette mercedes mustang1 porsche1 yamaha12 harley12 ferrari1 maverick
  midnight mountain november december february september hannover hamburg1 einstein butterfly elephant dolphin1 dragon12
  monkey12 shadow12 master12 killer12 hunter12 hunter22 charlie1 freedom1 cheese12 chocolate strawberry blueberry cookie12
  pepper12 ginger12 orange12 purple12 yellow12 summer12 winter12 spring12 autumn12 january1 october1 sunflower rainbow1
  blink182 metallica slipknot nirvana1 eminem12 rockstar guitar12 qwe12345 qweasdzxc qweasd123 asdasdasd zxczxczxc
  google12 facebook linkedin twitter1 youtube1 amazon12 changeme changeme1 changeit default1 secret12 secret123
  admin123 admin1234 administrator root1234 rootroot toor1234 guest123 test1234 testtest testing1 temp1234 temppass
  login123 access14 access123 hello123 helloworld hellohello goodluck godbless jesuschrist jesus123 blessed1 heaven12
  babygirl babyboy1 sweetheart lovelove loveyou1 forever1 friends1 friendship family12 mother12 father12 brother1
  fuckyou1 fuckyou2 asshole1 bullshit pussycat biteme12 nothing1 nopassword mypassword thepassword yourpassword
  operator customer shopping password! letmein! dubsmash trustme1 security secure12 private1 internet1 computer1
  saranghae sarang12 korea123 seoul123 minecraft fortnite roblox12 playstation nintendo gamer123 apple123 iphone12
  android1 windows1 windows10 microsoft linux123 ubuntu12 oracle12 cisco123 database server12 network1 system32
  matrix12 zombie12 vampire1 phoenix1 tigger12 snoopy12 mickey12 disney12 hellokitty garfield scooby12 batman12
  ironman1 captain1 thunder1 lightning tornado1 hurricane sapphire diamond1 crystal1 silver12 golden12 platinum
`

const digits = `
  00000000 11111111 22222222 33333333 44444444 55555555 66666666 77777777 88888888 99999999 12345678 123456789
  1234567890 12345678910 0123456789 01234567 87654321 987654321 9876543210 0987654321 123123123 12312312 12121212
  11223344 1122334455 112233445566 123321123 12344321 1234554321 123454321 147258369 741852963 789456123 159357456
  159753456 456789123 10203040 102030405060 13579246 13572468 24681357 20002000 19901990 12341234 43214321 69696969
  31415926 314159265 271828182 11235813 123456123 123456654321 1234512345 99887766 123qweasd 123qwe123 123abc123 1a2b3c4d
`

const listOf = (text: string) => text.split(/\s+/).filter(word => word !== '')

const appendix = /[!?.@#$*\d]+$/
const baseLengthMin = 5

/** All in lower case. */
const common: ReadonlySet<string> = new Set([...listOf(words), ...listOf(digits)])
const bases: ReadonlySet<string> = new Set(
  listOf(words)
    .map(word => word.replace(appendix, ''))
    .filter(({ length }) => length >= baseLengthMin),
)

/** Whether this is one of the passwords that are tried first, or one with the usual appendix. Any case is the same. */
export function isCommonPassword(password: string): boolean {
  const lower = password.toLowerCase()
  if (common.has(lower) || bases.has(lower.replace(appendix, ''))) return true
  // One to four characters again and again.
  return /^(.{1,4})\1+$/su.test(lower)
}
