package profile

import (
	"net/netip"
	"regexp"
	"strings"
)

// PII hints at personal data: how many of the values looked at are of a kind. Share is of those values. By is "values" or
// "name": a column's name alone has no count. The values themselves are never part of it.
type PII struct {
	Kind  string  `json:"kind"` // email, phone, card, iban, ip, ssn, person
	Count int64   `json:"count"`
	Share float64 `json:"share"`
	By    string  `json:"by"`
}

// matcher finds one kind of personal data in a text that was trimmed.
type matcher struct {
	kind  string
	whole func(text string) bool
}

// matchers in the order in which they are asked; the first that fits names the value.
func matchers() []matcher {
	return []matcher{{"email", hasEmail}, {"iban", isIBAN}, {"ip", isIP}, {"ssn", isSSN}, {"card", isCard}, {"phone", isPhone}}
}

// cardShare is the least share of digit strings with a right check digit: one in ten has it by chance.
const cardShare = 0.5

var personName = regexp.MustCompile(`(?i)^((first|last|full|sur|given|middle|family)[ _-]?name|(e[ _-]?)?mail|email[ _-]?address|phone([ _-]?(no|number))?|telephone|mobile|` +
	`(street|home|postal)[ _-]?address|(date[ _-]?of[ _-]?birth|dob|birth[ _-]?date)|ssn|passport([ _-]?(no|number))?|iban|ip[ _-]?(addr|address)?)$`)

// private lists the kinds that stand in the texts.
func private(name string, texts []counted, total int64) (found []PII) {
	counts := map[string]int64{}
	var digits int64
	all := matchers()
	for _, t := range texts {
		text := strings.TrimSpace(t.text)
		if len(text) < 7 {
			continue
		}
		if n := len(onlyDigits(text)); n >= 13 && n <= 19 {
			digits += t.count
		}
		for _, m := range all {
			if m.whole(text) {
				counts[m.kind] += t.count
				break
			}
		}
	}
	if float64(counts["card"]) < cardShare*float64(digits) {
		delete(counts, "card")
	}
	for _, m := range all {
		if n := counts[m.kind]; n > 0 {
			found = append(found, PII{m.kind, n, float64(n) / float64(max(total, 1)), "values"})
		}
	}
	if personName.MatchString(name) {
		found = append(found, PII{Kind: "person", By: "name"})
	}
	return found
}

// hasEmail finds an address anywhere in the text.
func hasEmail(text string) bool {
	for at := strings.IndexByte(text, '@'); at >= 0; {
		local := at
		for local > 0 && strings.IndexByte(" ,;<>()[]\"':", text[local-1]) < 0 {
			local--
		}
		domain := text[at+1:]
		if end := strings.IndexAny(domain, " ,;<>()[]\"':\t\n"); end >= 0 {
			domain = domain[:end]
		}
		domain = strings.TrimSuffix(domain, ".")
		dot := strings.LastIndexByte(domain, '.')
		if local < at && at-local <= 64 && dot > 0 && len(domain)-dot > 2 && isHost(domain) && isAlpha(domain[dot+1:]) {
			return true
		}
		next := strings.IndexByte(text[at+1:], '@')
		if next < 0 {
			return false
		}
		at += next + 1
	}
	return false
}

func isHost(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '.' && c != '-' && !alnum(c) {
			return false
		}
	}
	return !strings.Contains(s, "..")
}

func alnum(c byte) bool { return c-'0' <= 9 || c|0x20-'a' <= 25 && c >= 'A' }

func isAlpha(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return s != ""
}

// onlyDigits is the text without spaces and dashes when the rest is digits, else "".
func onlyDigits(text string) string {
	out := make([]byte, 0, 24)
	for i := range len(text) {
		switch c := text[i]; {
		case c-'0' <= 9:
			out = append(out, c)
		case c != ' ' && c != '-':
			return ""
		}
	}
	return string(out)
}

// isCard is a payment card's number: 13 to 19 digits of a known issuer's range with the check digit of Luhn (US patent 2950048).
func isCard(text string) bool {
	d := onlyDigits(text)
	return len(d) >= 13 && len(d) <= 19 && d[0] >= '2' && d[0] <= '6' && strings.Trim(d, d[:1]) != "" && luhn(d)
}

func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// isIBAN checks the form and the two check digits of ISO 13616 (mod 97 is 1).
func isIBAN(text string) bool {
	s := strings.ReplaceAll(text, " ", "")
	if len(s) < 15 || len(s) > 34 || !isAlpha(s[:2]) || strings.ToUpper(s) != s {
		return false
	}
	rest := 0
	for _, c := range []byte(s[4:] + s[:4]) {
		switch {
		case c-'0' <= 9:
			rest = (rest*10 + int(c-'0')) % 97
		case c-'A' <= 25:
			rest = (rest*100 + int(c-'A') + 10) % 97
		default:
			return false
		}
	}
	return s[2]-'0' <= 9 && s[3]-'0' <= 9 && rest == 1
}

func isIP(text string) bool {
	a, err := netip.ParseAddr(text)
	return err == nil && !a.IsUnspecified() && a.Zone() == ""
}

// isSSN is a United States social security number that can have been given out.
func isSSN(text string) bool {
	if len(text) != 11 || text[3] != '-' || text[6] != '-' || len(onlyDigits(text)) != 9 {
		return false
	}
	return text[:3] != "000" && text[:3] != "666" && text[0] != '9' && text[4:6] != "00" && text[7:] != "0000"
}

// isPhone is a number in international form, or ten digits and more in three groups at least.
func isPhone(text string) bool {
	digits, groups, inside := 0, 0, false
	for i := range len(text) {
		c := text[i]
		switch {
		case c-'0' <= 9:
			digits++
			if !inside {
				groups++
			}
			inside = true
			continue
		case c == '+' && i == 0, c == ' ', c == '-', c == '.', c == '(', c == ')', c == '/':
		default:
			return false
		}
		inside = false
	}
	if digits > 15 {
		return false
	}
	return text[0] == '+' && digits >= 8 || groups >= 3 && groups <= 5 && digits >= 10 && !strings.Contains(text, "--")
}
