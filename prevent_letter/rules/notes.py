"""Rules on text left in from a draft: placeholders, notes, keys (PL301, PL311, PL312)."""

import re
from functools import cache
from itertools import chain, permutations

from prevent_letter.core.display import quote
from prevent_letter.core.names import normalise
from prevent_letter.rules.context import (
    Problem,
    Problems,
    RuleBlock,
    RuleContext,
    rule,
    table,
    word_list,
)
from prevent_letter.rules.expressions import BlockMatch, Expression, Expressions

PROMPTS = {words: bool(optional) for words, *optional in table("prompts.txt")}
"""The prompts of a form, and whether what they ask for may be left out."""

PLACEHOLDERS = Expressions(
    (
        "[ < £XX XX% XX/ ?? ___ {{ 19XX 20XX"
        " todo Todo TODO tbc Tbc TBC tbd Tbd TBD fixme FIXME lorem Lorem xx xxx xxxx "
        + " ".join("X" * length for length in range(3, 12)),
        r"[\[<](?i:insert)\b[^\]>]{0,200}[\]>]?"
        r"|\[(?i:name|date|number|area|council|authority|add|tbc|to be|x+)\b"
        r"(?![^\]]{0,200}(?:redacted|removed|withheld))[^\]]{0,200}\](?!\()"
        r"|\b(?:(?i:todo|tbc|tbd|fixme)|X{3,}|(?:19|20)XX|XX%|(?i:xx/xx)(?:/\w+)?"
        r"|(?<!page )(?<!pages )x{2,4}|(?i:lorem ipsum))(?!\w)"
        r"|£XX+|\?{2,}|(?<!\w)_{3,}|\{\{"
        rf"|\[(?:{'|'.join(map(re.escape, PROMPTS))})\]",
    )
)
_NEAR = 200
"""The characters on each side of a placeholder that are searched for quotation marks."""


@rule("PL301", "error")
def placeholder(context: RuleContext) -> Problems:
    """A placeholder of the draft is left in the prose or in another field of the letter."""
    matches = [*PLACEHOLDERS.find(context)]
    lines = [
        (path, " ".join(normalise(text).split()))
        for path, field, text in context.texts
        if field.kind in ("line", "lines")
    ]
    if any(PLACEHOLDERS.find_in_text("\n".join(line for _, line in lines))):
        for path, line in lines:
            block = RuleBlock(path, line, line, 0, "", True)
            matches += [BlockMatch(block, match) for match in PLACEHOLDERS.find_in_text(line)]
    for block, match in matches:
        before = block.text[max(0, match.start() - _NEAR) : match.start()]
        after = block.text[match.end() :][:_NEAR]
        is_quoted = _in_quotation(before) and re.search('["”]', after)
        if not is_quoted:
            message = f"a placeholder has been left in: {quote(match[0])}"
            is_optional = PROMPTS.get(match[0].strip("[]"))
            help = "write what belongs here" + (", or delete the line" if is_optional else "")
            yield block.problem(match, message, help)


def _in_quotation(before: str) -> bool:
    """Return True if a quotation is still open at the end of a text."""
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”")


SIGNED_NOTES = Expressions(
    (
        "",
        r"\bX{1,2}%|[?]%|£[Xx]+k?\b|\(\?\)|(?<![\w*])\*{3,}(?![\w*])|<<[^>]{0,80}>?>?"
        r"|«[^»]{0,80}»?|\{[a-z][a-z _]{1,40}\}"
        r"|\{[^{}]{1,80}\}|(?<!\w)##(?![\w ])|\b(?:19|20)[0-9][Xx]\b"
        r"|\*{2,3}(?:[A-Z]{2,3} to|[Cc]heck|[Cc]onfirm|[Aa]sk|[Aa]dd|[Uu]pdate)\b[^*]{0,60}\*{2,3}"
        r"|\(was [^()]{1,30} in [Vv][0-9]+\)"
        r"|\bgood/[a-z]{3,20}/[a-z]{3,20}\b"
        r"|<(?!https?:|mailto:)!?-{0,2}[ A-Za-z][^<>]{0,80}>|%[A-Z]{3,20}%"
        r"|(?<![\w$])\$[a-z]{3,20}\b|#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?)|\((?:[^()?]{1,30}"
        r"|[A-Z][a-z]+, [^()?]{1,70}|[^()?]{1,70}, [A-Z][a-z]+)\?\)"
        r"|\([^()?]{1,30}\?[^()]{1,25}\)|\((?:too|still|anyone|which|who)\b[^()?]{1,40}\?\)|==[^=]{1,80}=="
        r"|\((?:date|name|number|area)\)"
        r"|\([A-Z][A-Za-z]{1,11} to (?:confirm|check|finish|add|update|supply|provide)[^()]{0,40}\)"
        r"|\((?:[Cc]heck|[Cc]onfirm|[Aa]sk)[^()]{0,60}\)"
        r"|(?<![\w.@/])@[A-Z][a-z]+\b"
        r"|\b([a-z]{3,20})/(?:very|fairly|quite|rather|mostly|partly|not|more|less) \1\b"
        r"|(?:^|(?<=[(\[])|(?<=[.!?] ))(?!NB|PS|RE|FAO|HR|IT|ICT|PR)[A-Z]{2,3}: (?=\w)"
        r"|(?:^|(?<=[.!?] ))Q: (?=\w)"
        r"|\b(?:on|by|until|since|before|after|from|(?:deadline|date) of) 4[4-9][0-9]{3}\b"
        r"(?! [a-z])"
        r"|\[(?!(?:19|20)?[0-9]{1,3}\]|(?:19|20)[0-9]{2}\] [0-9A-Z]"
        r"|(?i:sic|\.{3}|…|emphasis [a-z]+)\]"
        r"|[^\]]{0,60}(?i:redacted|removed|withheld|anonymised))[^\]]{1,200}\](?![(\[])",
    ),
    hint=r"[#{\[<«$]|==|\*{3}|^\*\*(?:[A-Z]{2,3}$|[A-Za-z]+$)|^\(was$|/\w+/|[X?]%|%[A-Z]|£[Xx]|\?\)?$|@[A-Z]|/(?:very|fairly|quite|rather|mostly|partly|not|more|less)$|[A-Z]:$|[0-9][Xx]|^4[4-9][0-9]{3}"
    r"|\((?:[A-Z][A-Za-z]{1,11}$|[Cc]heck|[Cc]onfirm|[Aa]sk|(?:date|name|number|area)\))",
)
_BEGINS = r"(?:^|(?<=[,;(–-] )|(?<=[(])|(?<=[.!?] ))"
_STARTS = r"(?:^|(?<=[.!?] ))"
_QUALITIES = word_list("notes.qualities")
_OFTEN = word_list("notes.often")
_MODALS = word_list("notes.modals")
_NOTES = Expressions(
    (
        "XX XXth XXst XXnd XXrd",
        r"(?<!Article )(?<!Part )(?<!Annex )(?<!Chapter )\bXX(?:th|st|nd|rd)?\b(?!%)",
    ),
    ("?", r"\bis this right\?"),
    (
        "?",
        r"(?<=[,;–] )(?:or (?:was|is|were)|do (?:we|I)|did (?:we|I)|should we|is it|was it|does it"
        r"|which is|why is|what is|who is)\b[^.?!,;]{0,60}\?(?!['’\"”])",
    ),
    (
        "DRAFT for_circulation",
        r"\b(?:(?:FIRST|SECOND|THIRD|FINAL) DRAFT\b|DRAFT(?= [–-])|DRAFT:)"
        r"|\b[Nn]ot for circulation\b",
    ),
    (
        "OPTION Option VERSION Version",
        r"(?:^|(?<=[.!?] ))(?:OPTION|Option|VERSION|Version) [A-C1-3]:",
    ),
    (
        "the_phone on_monday on_tuesday on_wednesday on_thursday on_friday our_call"
        " discussed_yesterday discussed_today",
        r"(?<=, )as (?:we )?discussed (?:on|by|over|yesterday|today|in our)\b[\w ]{0,25}"
        r"|(?<=, )as (?:per|in) our (?:call|chat|conversation)\b",
    ),
    (
        "i_will i_may i_must i_need i_shall",
        r"\bI (?:will|may|must|shall|need to|should) (?:put|add|write|come back|check|look|ask|find"
        r"|fill|finish|insert|rewrite|reword) (?:something(?: in)?"
        r"|(?:more|this|these|it|to it|up)(?=[.;)]| before| later| once))\b",
    ),
    (
        "before_i before_we before_sending before_it before_this re_check",
        r"\bbefore (?:I|we) send (?:it|this|the letter)\b|\bre-?check before\b"
        r"|\b(?:before|until) (?:sending(?=[.;)])|this goes (?:out|off)|it goes (?:out|off))\b",
    ),
    ("same_wording wording_as text_as", r"(?:^|(?<=[.!?(] ))[Ss]ame (?:wording|text) as\b"),
    ("TO", r"\b[A-Z]{3,10} TO (?:COME|FOLLOW|CONFIRM|CHECK|BE [A-Z]+)\b"),
    (
        "link_dead dead_link link_broken broken_link",
        r"(?:^|(?<=[.!?(] ))[Ll]ink (?:dead|broken)\b|\b[Dd]ead link\b",
    ),
    ("nnn NNN nnnn", r"\b(?:n{3,4}|N{3})\b"),
    (
        "?",
        r"(?:^|(?<=[.!?] ))(?:Is (?:that|this|it)|Are (?:we|they)|Can (?:we|you)|Could you"
        r"|Do (?:we|you)|Shall we|Should we|Does (?:this|that)|Have we|Would you)\b"
        r"[^.?!]{1,80}\?(?!['’\"”])",
    ),
    (
        "be_verified be_confirmed be_checked be_agreed be_added be_updated to_follow to_come",
        r"\([^()]{0,40}\b(?:to be (?:verified|confirmed|checked|agreed|added|updated)|to follow"
        r"|still to come)\)",
    ),
    (
        "once_i when_i once_we when_we has_sent have_sent has_confirmed has_replied sends_it",
        r"\([^()]{0,60}\b(?:once|when) [A-Z][a-z]* (?:has|have|sends?|confirms?"
        r"|gets?)\b[^()]{0,40}\)",
    ),
    (
        "still_to chasing checking confirming sending",
        r"\((?:HR|IT|[A-Z][a-z]+) (?:still to|chasing|checking|confirming|sending)\b[^()]{0,40}\)",
    ),
    (
        "here",
        r"(?:^|(?<=[.!?] ))(?:Add|Insert|Put|Include|Paste|Attach) [^.!?]{1,40} here\b(?=[.!?]|$)",
    ),
    (
        "delete_one pick_one choose_one off_the_record in_my_notebook",
        r"\((?:delete|pick|choose) one\)|\boff the record\b|\bin my notebook\b",
    ),
    (
        "more_to_follow still_to_be bits_still must_look",
        r"\b[Mm]ore to follow\b|\b[Yy]ellow bits?\b|\bmust look up\b"
        r"|\([^()]{0,60}\bstill to be [a-z]+(?: up)?\)",
    ),
    (
        "Para para",
        r"(?:^|(?<=[.!?] ))(?:[Tt]his )?[Pp]ara (?:too|is|needs|still)\b|\b(?:this|that) para\b",
    ),
    ("ADD", r"\bTO ADD\b"),
    ("on_x X", r"\b[Oo]n X (?=occasions|days|visits)"),
    ("awaiting", r"[–-] awaiting [a-z ]{2,20} from [A-Z]\w+"),
    ("redo wording", r"(?<=, )redo\b|\b[Ll]ast year['’]s wording\b"),
    (
        "?",
        r"\b[A-Z][a-z]+, (?:is|are|do|can|could|have|should|would) (?:that|this|it|you|we|they)\b"
        r"[^.?!]{0,80}\?(?!['’\"”])",
    ),
    ("Awaiting", r"(?:^|(?<=[.!?] ))Awaiting [a-z ]{3,30} from [A-Z]\w+"),
    (
        "as_per teams_chat teams_call teams_message",
        r"\b[Aa]s per (?:[Tt]eams|chat|e-?mail|call|my|our)\b[\w ]{0,20}|\bTeams (?:chat|call"
        r"|message)\b",
    ),
    (
        "need_to",
        r"(?:^|(?<=[.!?] ))Need to (?:chase|check|confirm|ask|add|update|find|get|rewrite)\b",
    ),
    (
        "this_para para_still will_shorten will_reword will_rephrase will_tidy you_think "
        "moved_this",
        r"\bThis para\b|\b[Ww]ill (?:shorten|reword|rephrase|tidy)\b(?! up)|\b[Ss]ee what you "
        r"think\b"
        r"|(?:^|(?<=[.!?] ))Moved this\b",
    ),
    (
        "to_confirm to_check to_finish to_add to_update",
        r"(?:^|(?<=[.!?] ))[A-Z]\.?[A-Z]\.? to (?:confirm|check|finish|add|update)\b",
    ),
    ("X", r"\b(?:[Aa]round|[Aa]bout|[Ss]ome|[Oo]ver) X (?=[a-z])"),
    ("nn", r"\bnn\b"),
    ("DD dd D d Dd", r"\b[Dd]{1,2}([/.-])[Mm]{1,2}\1[Yy]{2,4}\b(?!,? and)"),
    ("Month", r"\bMonth Year\b"),
    ("Error", r"\bError! [A-Z]\w+(?: \w+){0,5}"),
    ("Click click", r"\b[Cc]lick (?:or tap(?: here)?|here)\b(?: to enter \w+)?"),
    ("Choose", r"\bChoose an item\b"),
    ("insert Insert", r"\b[Ii]nsert (?!it\b|them\b|a\b|the\b|an\b)(?:[a-z]+ ){1,3}here\b"),
    (
        "yellow highlighted Highlighted",
        r"\b(?:yellow|highlighted) (?:text|bit|part|section)s?\b|\b[Hh]ighlighted in yellow\b",
    ),
    ("Formatted", r"\bFormatted: [A-Z]\w+"),
    (
        "should/must /must /should /may /will /would /could /are /have",
        r"\b(?:should|must|will|may|can|could|would|is|are|has|have|was)/(?:should|must|will"
        r"|may|can|could"
        r"|would|is|are|has|have|were)\b",
    ),
    (
        "more_on spoken_to speak_to heard_from",
        r"\b[Mm]ore on this (?:when|once|later)\b|\b(?:once|when) I(?:['’]ve| have) (?:spoken"
        r"|heard)\b",
    ),
    ("Page", r"\bPage [0-9]{1,3} of [0-9]{1,3}\b"),
    (
        "see_last use_last update_from from_previous",
        r"\b(?:[Ss]ee|[Uu]se|[Uu]pdate from) last year['’]s\b",
    ),
    ("pls plz FYI ASAP asap btw BTW IMO TBH", r"\b(?:pls|plz|FYI|ASAP|asap|btw|BTW|IMO|TBH)\b"),
    (
        "waiting_for waiting_on awaiting_figures awaiting_figure",
        r"\b(?:[Ww]aiting (?:for|on) [A-Z][a-z]+ (?:to|for)|awaiting figures?)\b",
    ),
    ("Deleted Inserted", r"\b(?:Deleted|Inserted): ?\w+"),
    ("Comment", r"\bComment(?:ed)? \[[A-Z]{1,3}[0-9]{1,3}\]:?"),
    (
        "delete_this remove_this delete_before remove_before",
        r"\b(?:[Dd]elete|[Rr]emove) (?:this|before) (?:sentence|paragraph|bit|line|section"
        r"|sending|issue"
        r"|if|once|when)\b",
    ),
    (
        "this_out that_out it_out this_in it_in is_happy is_unhappy",
        r"\b(?:[Tt]ake (?:this|that|it) (?:bit |sentence |paragraph |line )?out"
        r"|[Ll]eave (?:this|it) (?:in|out)) (?:if|unless|before|until|once)\b"
        r"|\bif [A-Z][a-z]+ is (?:un)?happy with (?:it|this)\b",
    ),
    (
        "not_sure unsure_about need_figure",
        r"\b(?:[Nn]ot sure (?:about this|if|whether|we|I|this)|[Uu]nsure about this)\b",
    ),
    ("from_memory", r"\bfrom memory\b"),
    (
        "to_complete to_fill to_finish",
        r"\b[Ff]or [A-Z][a-z]{2,} to (?:complete|fill in|finish|draft|write)\b",
    ),
    (
        "rewrite reword rephrase",
        r"(?:^|(?<=[.!?(\[] ))(?:[Rr]ewrite|[Rr]eword|[Rr]ephrase)(?: this)?\b",
    ),
    ("Enter", r"\bEnter text(?: here)?\b"),
    ("TBA tba", r"\b(?:TBA|tba)\b"),
    ("t_b", r"\b[Tt]\.[Bb]\.[ACDacd]\b\.?"),
    ("be_confirmed be_advised", r"\b[Tt]o be (?:confirmed|advised)(?=[.,;)]|$)"),
    ("w", r"\bw/(?![coe]\b)(?=[ \w])"),
    ("delete Delete", r"\*?\b[Dd]elete (?:as appropriate|if not applicable)\b"),
    (
        "same_as as_last per_last from_last since_last",
        r"(?:^|(?<=[.!?(] ))"
        r"(?:(?:Same as|As per|No change (?:from|since)) last year(?:['’]s letter)?"
        r"|As last year(?=\.))",
    ),
    ("see_email see_e see_my see_the see_your", rf"{_BEGINS}[Ss]ee (?:my |the |your )?e-?mail\b"),
    (
        "check_with check_this confirm_with confirm_this",
        rf"{_BEGINS}(?:[Cc]heck|[Cc]onfirm) (?:this )?with (?:the )?(?:[A-Z]\w+|\w+(?=[.!?)]))"
        r"|\b[Nn]eed to (?:check|confirm) this\b",
    ),
    ("awaited_from", r"\b[Aa]waited from [A-Z]\w+"),
    ("to_self", r"\b[Nn]ote to self\b"),
    ("NB N.B.", r"\bNB ask\b|(?:^|(?<=[.!?] ))N\.?B\.?(?=[: ])"),
    (
        "still_true still_right",
        r"\b(?:[Ii]s|[Aa]re) (?:it|this|that|these) still (?:true|right"
        r"|the case)\?",
    ),
    (
        "lifted_from copied_from pasted_from taken_from",
        r"\b(?:[Ll]ifted|[Cc]opied|[Pp]asted|[Tt]aken) from (?:last year|the last"
        r"|another)[\w'’ ]{0,20}letter\b",
    ),
    ("DO", r"\bTO DO\b"),
    ("DRAFT", r"\bDRAFT ONLY\b"),
    ("PLEASE", r"\bPLEASE (?:UPDATE|CHECK|ADD)\b"),
    ("CHECK", r"(?<!PLEASE )\bCHECK\b"),
    ("INSERT", r"\bINSERT [A-Z]+"),
    ("add_more", r"\bAdd more detail\b"),
    (
        "internal_only internal_note internal_use for_clearance",
        rf"{_STARTS}(?:Internal (?:only|note)|For internal use|Note for clearance)\b:?",
    ),
    (
        "cut_and paragraph_moved text_moved sentence_moved paragraph_copied text_copied",
        r"\b[Cc]ut and paste from\b|\b(?:[Pp]aragraph|[Tt]ext|[Ss]entence) (?:moved|copied|taken)"
        r" from\b",
    ),
    ("same_as", rf"{_STARTS}Same as 20[0-9]{{2}}(?=\.)"),
    (
        "a_steer to_you for_this to_cut",
        r"\bfor a steer\b|\b[Oo]ver to you\b"
        r"|\b[Hh]appy for (?:this|it) to be (?:cut|changed|dropped|deleted|reworded|removed)\b",
    ),
    (
        "name_i i_forget have_forgotten",
        r"\bwhose name I\b|\bI (?:have forgotten|forget|can(?:not|['’]t) (?:remember|recall))\b",
    ),
    (
        "not_sure not_certain",
        r"\bI am not (?:sure|certain) (?:that |if |whether )?(?:this|it) is (?:right|correct"
        r"|true)(?=[.;])",
    ),
    (
        "see_comment see_comments see_margin",
        r"\b[Ss]ee (?:the )?(?:comments?|margin)\b(?! of| from)",
    ),
    (
        " ".join(f"v{digit}_of" for digit in range(1, 10)),
        r"\bv[1-9] of (?:the text|this (?:text|letter|draft))\b",
    ),
    ("X n", r"\bX (?:month|day|year|date)s?\b|\bn (?:staff|people|[a-z]{3,}s)\b"),
    (
        "NAME NUMBER COUNCIL YEAR FIGURE",
        r"(?<![A-Z] )\b(?:NAME|NUMBER|COUNCIL|YEAR|FIGURE)\b"
        r"(?! [A-Z]{2})",
    ),
    ("(choose) (which) (ref) (source)", r"\((?:choose|which|ref|source)\)"),
    ("he/she she/he s/he", r"\b(?:[Hh]e/she|[Ss]he/he|[Ss]/he)\b"),
    (
        " ".join(f"{word}/" for word in _QUALITIES),
        rf"\b(?:{'|'.join(_QUALITIES)})/(?:{'|'.join(_QUALITIES)})\b",
    ),
    ("!! :) ;)", r"!!+|(?<= )[:;]-?\)(?= |$|\.)"),
    ("chase Chase", r"\b[Cc]hase [A-Z][a-z]+(?=[.,;)]|$)"),
    (
        " ".join(f"{often}/" for often in _OFTEN),
        rf"\b(?:{'|'.join(_OFTEN)})/(?:{'|'.join(_OFTEN)}|every|each|twice|once)\b",
    ),
    (
        " ".join(f"{one}_{other}" for one, other in permutations(_MODALS, 2)),
        rf"\b(?:{'|'.join(_MODALS)}) (?:{'|'.join(_MODALS)})\b(?! (?:it|the|they|this|that)\b)",
    ),
    (
        "see_attached as_attached see_enclosed as_enclosed please_find",
        r"\b(?:[Ss]ee|[Aa]s) (?:attached|enclosed)(?=[.,;)]|$)|\b[Pp]lease find (?:attached"
        r"|enclosed)\b",
    ),
    ("tracked_changes track_changes", r"\btrack(?:ed)? changes\b"),
    (
        "i_ve i_have",
        r"\bI(?:['’]ve| have) (?:taken|left|put|cut) (?:this|it|that|out|in|the bit|this bit)\b",
    ),
    (
        "keep_this cut_this make_this shorten_this",
        r"(?:^|(?<=[.!?] ))(?:Keep|Cut|Make|Shorten) this (?:one |bit |part |section )?(?:short"
        r"|brief|shorter|down|in(?=[.,;])|out)\b",
    ),
    ("Option Options Alternative", r"\b(?:Options?|Alternative(?:ly)?): (?=[(]?[A-Za-z0-9]\))"),
    (
        "para_from bit_from para_on text_from wording_from",
        r"(?:^|(?<=[.!?] ))(?:(?:Para|Bit) (?:from|on) |(?:Text|Wording) from [A-Z])",
    ),
    (
        "back_to",
        r"(?:^|(?<=[.!?] ))(?:I will |I['’]ll |Will |To |Must )?(?:[Cc]ome|[Cc]oming|[Gg]et) back"
        r" to this(?=[.;]|$| (?:one|bit|later|after|when|once|tomorrow)\b)",
    ),
    (
        "kind_regards best_regards warm_regards speak_soon sent_from",
        r"(?:^|(?<=[.!?,] ))(?:[Kk]ind|[Bb]est|[Ww]arm) regards\b|\bSent from my \w+"
        r"|\b[Ss]peak soon\b",
    ),
)
_ORDERS = word_list("notes.orders")
_FEW_WORDS = (
    r"(?:The )?(?:Text|Figure|Number|Detail|Data|Name|Date|Example|Content|Wording|Quote|Table"
    r"|Source|More"
    r"|Evidence)s?(?: [a-z]+)?"
)
_ASIDES = Expressions(
    (
        "this_sentence this_paragraph this_wording last_sentence last_paragraph next_sentence"
        " next_paragraph previous_sentence previous_paragraph following_text another_sentence"
        " another_paragraph this_bullet",
        r"\b(?:[Tt]his|[Tt]he last|[Tt]he next|[Tt]he previous|[Aa]nother) (?:sentence|paragraph"
        r"|wording|bullet)\b(?! of\b)|\b[Tt]he following text (?:is|comes) from\b",
    ),
    (
        " ".join(_ORDERS),
        rf"{_STARTS}(?:{'|'.join(_ORDERS)}) (?:the|this|that|these|an?|last|more"
        r"|some|something|it|in (?:the|a|what)|down|up)\b[^.!?]{0,40}",
    ),
    (
        "strengthen_this expand_this clarify_this explain_this check_this source_this",
        rf"{_STARTS}(?:Strengthen|Expand|Clarify|Explain|Check|Source) this(?: here)?(?=\.)",
    ),
    (
        "suggest_we possibly_delete possibly_drop possibly_cut possibly_move possibly_add"
        " maybe_delete maybe_drop maybe_cut maybe_move maybe_add perhaps_delete perhaps_drop"
        " perhaps_cut perhaps_move perhaps_add",
        rf"{_STARTS}(?:Suggest|Possibly|Maybe|Perhaps) (?:we )?(?:delete|drop|cut|move|reword|add"
        r"|leave|keep|remove)\b",
    ),
    ("needed awaited", rf"{_STARTS}{_FEW_WORDS} (?:needed|awaited)(?: here)?(?=\.)"),
    (
        "to_follow to_come be_confirmed be_reworded be_added be_updated be_checked be_supplied"
        " be_rewritten be_completed be_inserted be_verified",
        rf"{_STARTS}(?:{_FEW_WORDS} to (?:follow|come|be (?:confirmed|added|updated|checked"
        r"|supplied|rewritten|completed|inserted|verified))|To be reworded|To be rewritten)"
        r"(?: by [A-Z]\w+)?(?=[.,;)]|$)",
    ),
    (
        "to_amend to_check to_confirm to_finish to_update to_rewrite to_supply to_complete",
        rf"{_STARTS}[A-Z][a-z]+ to (?:amend|check|confirm|finish|update|rewrite|supply|complete)"
        r"(?=[.,;)]|$)",
    ),
    (
        "not_include not_publish not_send not_print t_include t_publish t_send t_print",
        rf"{_STARTS}(?:Do not|Don['’]t) (?:include|publish|send|print)\b[^.!?]{{0,40}}",
    ),
    (
        "needs_another needs_the needs_a needs_more need_the need_a need_another",
        rf"{_STARTS}(?:This needs|Needs?) (?:the |an? |another |more )(?:number|figure|name"
        r"|sentence|line|bit|word|date|source|example|reference)s?(?: here)?(?=[.!]| about\b)",
    ),
    ("more_here more_detail", rf"{_STARTS}More (?:here|detail)\b[^.!?]{{0,20}}(?=[.!])"),
    (
        "Awaiting Pending",
        rf"{_STARTS}(?:Awaiting (?:[a-z]+ ){{0,3}}[a-z]+(?=\.)|Pending (?:confirmation|figures"
        r"|final figures|clearance))(?=[,.])",
    ),
)
"""What no good practice and no summary says, but a recommendation may."""
_REPLACE_NOTE = "write what belongs here, or delete it"
_LONGEST_QUESTION = 9
"""The most words of a question that somebody asks in passing. Letters hardly ever ask any."""


_ASKED = Expression(r"(?i)\b(?:ask\w*|questions?|same thing)\b[^.!?]*[.:] $")


def _questions(context: RuleContext) -> Problems:
    """Yield the short questions of paragraphs, but those of recommendations."""
    blocks = [context.blocks[number] for number in sorted(context.blocks_with("?"))]
    for block in (block for block in blocks if not block.mark and not block.recommends):
        for sentence, start in block.sentences:
            is_short = sentence.endswith("?") and sentence.count(" ") < _LONGEST_QUESTION
            is_asked = not sentence.startswith(("May I ", "Might I ", "What ", "Why "))
            is_asked = is_asked and ":" not in sentence and block.text.count("?") == 1
            is_asked = is_asked and not re.search(_ASKED, block.text[:start])
            if is_short and is_asked and not _in_quotation(block.text[:start]):
                message = f"a drafting note has been left in: {quote(sentence)}"
                yield block.problem_at(start, sentence, message, _REPLACE_NOTE)


@rule("PL311", "warning")
def note(context: RuleContext) -> Problems:
    """A note to oneself or to a colleague, or the prompt of a form, is left in the prose."""
    placeholders = cache(lambda text: [match.span() for match in PLACEHOLDERS.find_in_text(text)])
    asides = (found for found in _ASIDES.find(context) if not found.block.recommends)
    of_a_paragraph = ((found, True) for found in asides if not found.block.mark)
    notes = ((found, False) for found in chain(SIGNED_NOTES.find(context), _NOTES.find(context)))
    reported = set[tuple[RuleBlock, int]]()  # the sentences
    for (block, match), is_aside in chain(notes, of_a_paragraph):
        spans = placeholders(block.text)
        is_reported = any(start < match.end() and match.start() < end for start, end in spans)
        before = block.text[max(0, match.start() - 300) : match.start()]
        is_quoted = (match[0][0] == "[" or match[0][-1] == "?") and _in_quotation(before)
        sentence = block, block.sentence_at(match.start())[1]
        is_second = is_aside and sentence in reported
        if not is_reported and not is_quoted and not is_second:
            reported.add(sentence)
            message = f"a drafting note has been left in: {quote(match[0])}"
            yield block.problem(match, message, _REPLACE_NOTE)
    for problem in _questions(context):
        if (problem.block, problem.offset) not in reported:
            yield problem
    yield from _notes_to_colleagues(context)
    advisor = context.line("advisor", "name")
    for block in context.blocks if len(advisor.split()) > 1 else ():
        if advisor in block.text:
            message = f"{quote(advisor)} signs the letter, but is named in its text"
            offset = block.text.index(advisor)
            yield block.problem_at(offset, advisor, message, "delete the note")


_TITLES = frozenset(word_list("notes.titles"))


def _notes_to_colleagues(context: RuleContext) -> Problems:
    """Yield problems at notes that call the addressee, advisor or somebody in cc by first name."""
    people = [context.line("addressee", "name"), context.line("advisor", "name")]
    people += map(str, context.listed("cc"))
    full_name = re.compile(r"[A-Z][a-z]{2,20}(?: [A-Z][\w'’-]+)+")
    firsts = {name.split()[0] for name in people if full_name.fullmatch(name)} - _TITLES
    if not firsts & context.words:
        return
    name = "|".join(sorted(firsts))
    expression = re.compile(
        rf"\b(?:{name}) (?:to (?:add|check|confirm|finish|provide|send|update)\b|[–-] )"
        rf"|\b(?:[Aa]sk|[Cc]hase|[Cc]an|[Cc]heck with|[Cc]onfirm with|[Cc]omments? from"
        rf"|[Aa]waited from) (?:{name})\b"
        rf"|\b[Ss]ee (?:{name})['’]s\b"
    )
    for block in context.blocks:
        if not firsts.isdisjoint(block.words):
            for match in expression.finditer(block.text):
                message = f"a drafting note has been left in: {quote(match[0])}"
                yield block.problem(match, message, _REPLACE_NOTE)


_LABELS = Expressions(
    (
        ": – # -~ <!--",
        r"(?m)^[ \t]*(?:(?:score|good_practice|(?:key_)?recommendations|summary|accepted|sent):"
        r"[ \t]*(?:\||[0-9]|$)"
        r"|# ?[0-9]{1,2}\. [A-Z]\w*"
        r"|(?i:good practice|areas for (?:development|improvement)|(?:key )?recommendations?"
        r"|score(?: [0-9])?|benchmark [0-9]{1,2})"
        r" ?[–:-](?=[ \t]|$)|<!--)",
    )
)


@rule("PL312", "warning")
def swallowed(context: RuleContext) -> Problems:
    """A line of the text is a key of the file, a comment, or a label of the letter."""
    for path, passage, match in _LABELS.find_in_passages(context):
        words = match[0].strip()
        goes_on = re.search(r"[\w,’']\n[ \t]*$", passage[: match.start()])
        is_key = words[-1] in "|0123456789" or passage[match.end() :][:1] in ("", "\n")
        if words[0].islower() and goes_on and ("–" in words or not is_key):
            continue  # a sentence that is wrapped here
        message = f"{quote(words)} looks like a heading or a key that slipped into the text"
        help = "if it is a key, indent it like the other keys; else delete it"
        yield Problem(path, message, help, words)
