"""One-token mutants of C source: made from tokens of function bodies, never from comments, texts,
preprocessor lines or declarations of types. A mutant is named by its content (file, function, the
line before and after), so that names survive edits elsewhere."""
import hashlib
import re
from dataclasses import dataclass

TOKEN = re.compile(
    r'''(?P<space>\s+|//[^\n]*|/\*.*?\*/)|(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')'''
    r'''|(?P<number>(?:0[xX][0-9a-fA-F]+|\d+)[uUlL]*)|(?P<name>[A-Za-z_]\w*)'''
    r'''|(?P<op>\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)''', re.S)

OPERATORS = {
    '<': ['<=', '>='], '<=': ['<', '>'], '>': ['>=', '<='], '>=': ['>', '<'],
    '==': ['!='], '!=': ['=='], '&&': ['||'], '||': ['&&'],
    '++': ['--'], '--': ['++'], '+=': ['-='], '-=': ['+='], '|=': ['&='], '&=': ['|='],
}
NAMES = {'true': 'false', 'false': 'true'}
MEMBERS = {
    'first': 'last', 'last': 'first', 'next': 'prev', 'prev': 'next', 'lock_next': 'lock_prev',
    'lock_prev': 'lock_next', 'senders': 'receivers', 'receivers': 'senders',
}
# What only checks; so do functions of nothing but that, see checks().
CHECK = 'RT_CHECK'
KEYWORDS = {'if', 'while', 'for', 'switch', 'return', 'do', 'else', 'case', 'default', 'goto',
            'break', 'continue', 'sizeof', 'struct', 'enum', 'union', 'const', 'static'}


@dataclass
class Token:
    kind: str
    text: str
    at: int

    @property
    def end(self):
        return self.at + len(self.text)


@dataclass
class Mutant:
    file: str
    function: str
    line: int
    before: str
    after: str
    source: str  # the whole mutated file
    nth: int = 1  # of those with the same lines before and after in the function

    @property
    def key(self):
        return (self.file, self.function, self.before, self.after, self.nth)

    @property
    def id(self):
        return hashlib.sha1('\0'.join(map(str, self.key)).encode()).hexdigest()[:8]


def tokens_of(source):
    """Tokens without space, comments and preprocessor lines."""
    blanked = re.sub(r'^[ \t]*#(?:\\\n|[^\n])*', lambda m: re.sub(r'[^\n]', ' ', m.group()),
                     source, flags=re.M)
    return [Token(m.lastgroup, m.group(), m.start()) for m in TOKEN.finditer(blanked)
            if m.lastgroup != 'space']


def closing(tokens, i):
    """The index of the bracket that closes the one at i."""
    pairs = {'(': ')', '{': '}', '[': ']'}
    depth = 0
    for j in range(i, len(tokens)):
        if tokens[j].text in pairs:
            depth += 1
        elif tokens[j].text in pairs.values():
            depth -= 1
            if depth == 0:
                return j
    raise ValueError('unbalanced brackets')


def functions(tokens):
    """(name, returns bool, first, last) of each function: the indices of its braces."""
    i = start = 0
    while i < len(tokens):
        text = tokens[i].text
        if text == '{':
            end = closing(tokens, i)
            head = tokens[start:i]
            opening = next((k for k, t in enumerate(head) if t.text == '('), None)
            if opening and head[-1].text == ')' and not any(t.text == '=' for t in head):
                returns = [t.text for t in head[:opening - 1]]
                yield head[opening - 1].text, returns[-1:] == ['bool'], i, end
                start = end + 1
            i = end
        elif text == ';':
            start = i + 1
        i += 1


def checks(tokens):
    """The names of what only checks: the macro, and functions whose statements are declarations,
    uses of that macro and casts to void."""
    names = {CHECK}
    for name, _, first, last in functions(tokens):
        statements = ' '.join(t.text for t in tokens[first + 1:last]).split(' ; ')
        uses = [s.startswith(CHECK) for s in statements]
        others = [s for s, use in zip(statements, uses) if not use]
        if any(uses) and all(re.match(r'\w+ \w+ = |\( void \) \w+', s) for s in others):
            names.add(name)
    return names


class Body:
    """The mutants of one function: `edits` are (first, end, text) of the source."""

    def __init__(self, tokens, first, last, returns_bool, skipped):
        self.tokens, self.first, self.last = tokens, first, last
        self.returns_bool = returns_bool
        self.skipped = skipped
        self.edits = []

    def replace(self, first, last, text):
        """Tokens first to last become this text."""
        self.edits.append((self.tokens[first].at, self.tokens[last].end, text))

    def wrap(self, first, last):
        """Tokens first to last are negated."""
        at, end = self.tokens[first].at, self.tokens[last].end
        self.edits.append((at, end, lambda source: '!(' + source[at:end] + ')'))

    def text(self, i):
        return self.tokens[i].text

    def collect(self):
        i = self.first + 1
        brackets = 0  # statements do not begin inside of round ones
        while i < self.last:
            token = self.tokens[i]
            if token.text in self.skipped and self.text(i + 1) == '(':
                i = closing(self.tokens, i + 1) + 1
                continue
            brackets += (token.text == '(') - (token.text == ')')
            if token.kind == 'op':
                self.operator(i)
            elif token.kind == 'number':
                self.number(i)
            elif token.kind == 'name':
                self.name(i)
            if brackets == (token.text == '(') and self.begins_statement(i):
                self.statement(i)
            i += 1
        return self.edits

    def is_binary(self, i):
        before = self.tokens[i - 1]
        return before.kind in ('number', 'text') or before.text in (')', ']') or (
            before.kind == 'name' and before.text not in KEYWORDS)

    def operator(self, i):
        text = self.text(i)
        for other in OPERATORS.get(text, []):
            self.replace(i, i, other)
        if text in '+-' and self.is_binary(i):
            self.replace(i, i, '-' if text == '+' else '+')
        elif text in '*/' and 'number' in (self.tokens[i - 1].kind, self.tokens[i + 1].kind):
            self.replace(i, i, '/' if text == '*' else '*')
        elif text == '!':
            self.replace(i, i, '')
        elif text == '?':
            self.replace(i, i, '== 0 ?')

    def number(self, i):
        value = int(self.text(i).rstrip('uUlL'), 0)
        self.replace(i, i, str(value + 1))
        if value > 0:
            self.replace(i, i, str(value - 1))

    def name(self, i):
        text = self.text(i)
        if text in NAMES:
            self.replace(i, i, NAMES[text])
        elif text in MEMBERS and self.text(i - 1) in ('.', '->'):
            self.replace(i, i, MEMBERS[text])
        elif text in ('if', 'while') and self.text(i + 1) == '(':
            end = closing(self.tokens, i + 1)
            self.wrap(i + 2, end - 1)
        elif text == 'return' and self.returns_bool:
            end = self.end_of_statement(i)
            if end - i > 2:
                self.wrap(i + 1, end - 1)

    def begins_statement(self, i):
        before = self.text(i - 1)
        if before == ')':
            return self.after_condition(i - 1)
        if before == ':':
            return self.text(i - 2) == 'default' or self.text(i - 3) == 'case'
        return before in (';', '{', '}', 'else', 'do')

    def end_of_statement(self, i):
        depth = 0
        for j in range(i, self.last):
            text = self.text(j)
            depth += text in '([{'
            depth -= text in ')]}'
            if depth == 0 and text == ';':
                return j
        return None

    def statement(self, i):
        """Deletes a statement that is an expression, a break, a continue or a bare return."""
        token = self.tokens[i]
        end = self.end_of_statement(i)
        if end is None or end == i:
            return
        first = self.tokens[i:end]
        if token.text in ('break', 'continue') or (token.text == 'return' and end == i + 1):
            self.replace(i, end - 1, '')
        elif token.text not in KEYWORDS and token.kind in ('name', 'op') and \
                token.text not in '{}' and self.is_expression(first):
            self.replace(i, end - 1, '')

    def after_condition(self, i):
        """True if the bracket at i closes the condition of an if, while or for."""
        depth = 0
        for j in range(i, self.first, -1):
            depth += self.text(j) == ')'
            depth -= self.text(j) == '('
            if depth == 0:
                return self.text(j - 1) in ('if', 'while', 'for', 'switch')
        return False

    def is_expression(self, statement):
        """A call or an assignment, no declaration, label, or cast to void of a name."""
        texts = [t.text for t in statement]
        if texts[:3] == ['(', 'void', ')'] and '(' not in texts[3:]:
            return False
        if '{' in texts and texts[0] not in ('*',) and '=' not in texts and '(' not in texts:
            return False
        names = 0  # two names side by side, or a name, stars and a name, declare something
        for a, b in zip(statement, statement[1:]):
            if a.text in ('=', '(', '[', '.', '->'):
                break
            if a.kind == 'name' and (b.kind == 'name' or b.text == '*'):
                names += 1
        return names == 0 and texts[-1] != ':'


def squeeze(text):
    return ' '.join(text.split())


def mutants_of(file, source):
    """All mutants of one file, in the order of the source."""
    tokens = tokens_of(source)
    found, seen, skipped = [], {}, checks(tokens)
    for function, returns_bool, first, last in functions(tokens):
        if function in skipped:
            continue
        edits = Body(tokens, first, last, returns_bool, skipped).collect()
        for at, end, text in sorted(edits, key=lambda e: (e[0], e[1])):
            if callable(text):
                text = text(source)
            start = source.rfind('\n', 0, at) + 1
            stop = source.find('\n', end)
            before = squeeze(source[start:stop])
            after = squeeze(source[start:at] + text + source[end:stop])
            changed = source[:at] + text + '\n' * (source[at:end].count('\n') - text.count('\n')) \
                + source[end:]
            same = (function, before, after)
            seen[same] = seen.get(same, 0) + 1
            found.append(Mutant(file, function, source.count('\n', 0, at) + 1, before, after,
                                changed, seen[same]))
    return found
