/*
 * What the name of a network's operator says of it. Names are the data set's; only words that hosters use of themselves
 * count, and not beside words of those who connect people: "Cloud Telecom" and a university's "data center" serve both.
 */

const OF_HOSTERS =
  /\b(?:web ?)?host(?:ing|er|ers|ed)?\b|\b(?:hostinger|hostpapa|hostroyale|hosthatch|hostdime|hostwinds|hostus|hostkey|hostway|hostopia|hosteurope)\b|\bvps\b|\bdata ?cent(?:er|re)s?\b|\bcolo(?:cation|blox)?\b|\bcloud\b|\b(?:dedicated|secured|virtual|bare ?metal|cherry|gorilla|game) ?servers?\b|\bservers?\.com\b/i;

const OF_CARRIERS =
  /tele[ck]om|telefon|telephone|telecomuni|broadband|fib(?:er|re|ra)|\bcable|\bmobile|wireless|wi-?fi|\bisp\b|internet service|internet provider|universi|college|school|hospital|\bcolo(?:r|m)|chinanet|china (?:unicom|mobile|telecom)/i;

/** Whether an operator's name alone shows that its addresses belong to servers. */
export function isHosterByName(name: string): boolean {
  return OF_HOSTERS.test(name) && !OF_CARRIERS.test(name);
}

/** Changes when what the names say changes, so that what was compiled before is compiled again. */
export const NAMES_REVISION = `${OF_HOSTERS.source} ${OF_CARRIERS.source}`;
