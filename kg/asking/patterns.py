"""How something is asked that is told by more than one word, and by no phrase of the table of operations."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.asking.question import EITHER, LOWERED, OPPOSED, REFUTED, UNPUBLISHED

AUXILIARIES = frozenset(
    "is are was were do does did can could should must may might shall has have will would isn't aren't".split()
)  # fmt: skip
"""The words with which a question begins that is answered with yes or no."""
CLAUSE_FIRST = re.compile(
    rf"(?:when|if|once|after|where|while|as soon as|even if|whenever)\b[^,?]+, (?:{'|'.join(sorted(AUXILIARIES))})\b",
    re.IGNORECASE,
)
"""How a question that is answered with yes or no begins where it says first when something is so."""
MAKES_DIFFERENCE = re.compile(
    r"\bma(?:ke|kes|de|king)\b(?: \w+){0,3} differences?\b|\bdifference (?:do|does|did|is|was|has)\b"
)
"""How it is told whether something matters."""
CONCLUSIONS = re.compile(
    r"\b(?:claims|finding|findings|result|results|conclusions?|statements?|points)\b|命题|主张|结论"
)
"""Words for claims beside which nothing else is asked to be unopposed."""
BOTH_WAYS = re.compile(
    r"\b(?:what|which|who) (?:\w+ ){1,3}(?:and|or|but) (?:what|which|who) "
    r"|\b(?:help|promot|driv|favou?r|foster|push|further|encourag|increas|rais)\w* (?:and|or) "
    r"(?:what )?(?:hinder|block|stop|slow|hold|prevent|imped|discourag|reduc|lower|hamper)"
    "|(?:促进|推动|驱动|帮助|有助于|有利于).{0,12}(?:阻碍|妨碍|阻止|不利于|抑制|拖累)"
    "|(?:阻碍|妨碍|阻止|不利于|抑制|拖累).{0,12}(?:促进|推动|驱动|帮助|有助于|有利于)"
)
"""How it is asked both what promotes something and what hinders it."""
NOTHING_BACKS = re.compile(r"\b(?:nothing|nobody|no one)\b(?: \w+){0,4} (?:back|support|prov|confirm|bear|vouch)")
"""How it is told that nothing supports something."""
MAKES_LESS = re.compile(r"\b(?:mak|mad|get|got|feel|felt|becom|be)\w*\b(?: \w+){0,3} (?:less|fewer)\b(?! than)")
"""How it is told that something lessens something else."""
BOTH_DO = re.compile(
    r"\bboth sides (?:agree|have|must|should|do|are|come|came|reach|accept|want|need|share)\b", re.IGNORECASE
)
"""How it is told what two sides do."""
ONLY_CASES = re.compile(
    "(?:只看|仅看|只凭|单看)(?:[两三四五六七八九十几各]个?家?所?|这些)?(?:医院|企业|公司|案例|城市|学校|社区|机构)"
)
"""How Chinese limits evidence to the cases."""
OR_NOT = re.compile(r"(?P<verb>[\u4e00-\u9fff]{1,2})[不没](?P=verb)|(?<!有)没有$|[吗吧不]$|(?<![什怎多那这])么$")
"""How a question in Chinese is put that is answered with yes or no."""
LACKING = re.compile(
    "(?:(?<!有)没有|缺乏|缺少)(?:得到|被|任何|哪|一?篇|一?个|一?家|一?所)*"
    "(?:(?:文献|案例|访谈|材料|企业|公司|医院|学校|城市)的?|(?<=家)|(?<=所))(?:支持|赞成|证实)"
    "|(?:[两三四五六七八九十]|几|每|各|所有|全部)(?:个|家|所|座)?(?:案例|企业|公司|医院|城市|学校|社区|机构)?"
    "(?:全|都|均)(?:没有|没|未|不)(?:人|提供|得到|有)?(?:支持|赞成|证实|提到|涉及|证据)"
)
"""How it is asked in Chinese what no literature or no case supports."""
NOBODY = re.compile(
    "(?:(?:(?<!有)没有|(?<![有没])没(?!有)|无)(?:任何|一个|一条|什么|哪个|哪条|谁|人)+(?:证据|来源|引文|作者)?"
    "|(?:得不到|从未得到)(?:任何|过)*|(?<!有)没有(?:任何|一?[篇家所个])*(?:文献|论文|案例|访谈|企业|公司|医院)(?=反|质|否))"
    "(?:来|会|去|表示|提出|曾|曾经)*(?:(?P<opposes>反对|反驳|质疑|否定)|支持|赞成|证实)"
)
"""How Chinese says that nobody, or no evidence, opposes or supports something."""
EACH_ONE = re.compile("(?:个|家|所|座|案例|企业|公司|医院|城市|学校|社区|机构)(?:全|都|均|的?支持)")
"""How it is said of cases."""
NO_EVIDENCE = re.compile(
    "(?<!有)(?:没有|没|无|缺少|缺乏)(?!.{0,6}(?:什么|哪|任何|支持|反对|限定))(?:关于|有关)?[^没有，,]{1,8}的?证据"
)
"""How it is told in Chinese that there is no evidence on something."""
BOTH = re.compile(
    "(?:支持|赞成|同意).{0,4}[又也且].{0,3}(?:反对|质疑)|(?:反对|质疑).{0,4}[又也且].{0,3}(?:支持|赞成|同意)"
)
"""How Chinese says that something has evidence for and against it: 有支持又有反对."""
AS_SUBJECT = re.compile("(?:这|那)条|的?(?:作用|影响|效果|用处)|(?:有没|有|没)有?用|管用|起作用")
"""What stands in Chinese behind something that acts, or is said to act."""
DO_TO = re.compile(r"what (?:do|does|did) .{3,60} do (?:to|for|with) ", re.IGNORECASE)
"""How it is asked what something acts on."""
ANYTHING = re.compile(
    r"(?:is|are) there (?:any|some)(?:thing|body|one| ways?| means| things?)?(?: else)? (?:that|which|who|to) "
    r"|(?:does|do|can|could|will|would) anything (?!else\b)"
)
"""How it is asked whether anything acts on something."""
MADE_UP = re.compile(r"\b(?:or|it|this|that|all) (?:all )?(?:is |are )?(?:made.?up|invented|fake)\b|\bmade.?up or\b")
"""How it is asked whether a study is real."""
MADE_OF = re.compile(
    r"^what .*\b(?:mak|mad|think|thought|saw|see|feel|felt|say|said|tell|told)\w* (?:of|about|in|on)\b"
)
"""How it is asked what somebody says of something."""
DEFINED = re.compile(r"[:：] ?(?:definition|meaning|定义|含义)[?？.。]?$")
"""How a definition is asked for by a word behind a name."""
WORKS = re.compile(
    r"\bbibliography\b|\breading list\b"
    r"|\b(?:works|literature|papers|publications|references) (?:are |were |is )?(?:cited|quoted|used)\b"
    r"|\b(?:list|all|which|what) (?:of )?(?:the |all )*(?:references|works|publications|literature|papers)\b"
    "|(?:有哪些|列出|全部|所有)(?:的)?(?:参考)?(?:文献|论文|著作)|(?:参考)?文献(?:有哪些|列表|清单|目录)"
)
"""How all works are asked for."""
DIRECTLY = re.compile(r"\b(?:directly|direct|straight|at once|itself)\b.*\bor\b|直接.*还是|还是.*直接|是.*直接.*通过")
"""How it is asked whether something acts directly or by way of something else."""
A_WHILE = re.compile("几个?(?:月|星期|小时|礼拜|学期|年|天|周)")
"""How Chinese tells of some time."""
AMOUNT_HAN = re.compile("多少|几|数量|总数")
"""How Chinese asks how many."""
CAME_OF = re.compile(r"^how .*\bwhat (?:came|became|comes|becomes|happened|happens|followed|is done|was done)\b")
"""How it is asked how something was done and what came of it."""
BRINGS = re.compile(
    r"^(?:do|does|did|can|will) .+ (?:bring|brings|get|yield|attract|produce|give|send|make|more|fewer|many) "
    r"(?:\w+ ){0,2}(?:suggestions|proposals|tips|hints|recommendations)\b"
)
"""How it is asked whether something brings suggestions of others."""
WHO_IS = re.compile(r"^who(?: is|['’]s| was) (?!it|this|that|the|an?|for|against|behind|right)[\w .'’-]+\??$")
"""How it is asked who somebody is."""
FOR_AND_AGAINST = re.compile(
    r"\bhow (?:do|are|did) they (?:split|divided?|break down|distributed)\b|\bfor\b.{1,40}\bagainst\b"
    r"|\bagainst\b.{1,40}\bfor\b|(?:支持|反对).{0,8}(?:各|分别)"
)
"""How it is asked how many are for something and how many against it."""
WHY_ALONE = re.compile(r"^why (?!is|are|do|does|did|was|were|not|has|have|can|should)\w+(?: \w+)?\W*$")
"""How it is asked why something is spoken of at all."""
WHY_DO = re.compile(r"(?:why|how come)(?: do| does| did| don['’]t| would| will)? ")
"""How it begins that is asked why somebody does something."""
USED_FOR = re.compile(
    r"\bwhat (?:is|are|was|were) .+ (?:used|cited|quoted) for\b|\bwhat do(?:es)? (?:we|you|it|the study) use .+ for\b"
)
"""How it is asked what a work is evidence on."""
HOW_LONG = re.compile(
    r"\bhow long (?:is|does|do|was|did)\b|\bhow many (?:days|weeks|months|years)\b"
    "|多久|多长|哪一?段(?:时间|日子)?|几个月|几年|多少天"
)
"""How it is asked how long a stage is."""
PARAGRAPHS = re.compile(r"\bparagraphs?\b|段落|哪几段|哪些段")
"""Words for paragraphs."""
IN_EACH = re.compile(
    "(?:[两三四五六七八九十]|每|各|所有|全部)个?[\u4e00-\u9fff]{1,3}(?:里|中)?(?:全|都|均)(?:有人|有|能)?(?:支持|赞成|反对|证据)"
)
"""How it is said in Chinese that every case has evidence, by whatever cases are called."""
EVIDENCE_OF = re.compile(r"\b(?:evidence|lines?|quotes?)\b|证据|引文")
"""Words for evidence."""
WEAK_SPOTS = re.compile(
    r"\b(?:weak(?:est)?|soft|vulnerable|shaky|sore) (?:spots?|points?|places?|parts?|sides?|links?)\b"
    r"|\bthin ice\b|\bachilles\b"
    r"|\bwhere (?:is|are|does|do|would|could|can|should)\b.*\b(?:weak(?:est)?|thinnest|shak(?:y|iest)|vulnerable)\b"
    r"|\bwhere (?:would|could|can|should)\b.*\b(?:fall apart|attack\w*)\b"
    r"|\b(?:holes|gaps) in the (?:theory|argument|chapter)\b|\bwhat is (?:weak|weakest) (?:in|about)\b"
    "|软肋|短板|薄弱(?:环节|之处|的?地方|点)|(?:最薄弱|最弱|最站不住)(?:脚)?的?(?:环节|地方|部分|是哪|在哪)?|弱点|漏洞"
    "|最容易(?:被|受到?)(?:人)?(?:攻击|质疑|挑|推翻|反驳)|站不住脚的(?:地方|命题|主张|结论)"
)
"""How it is asked where a theory is weak."""
THINNEST = re.compile(
    r"证据最(?:薄弱?|弱|单薄)的?(?:地方|环节|部分|在哪)|\bevidence (?:is )?(?:the )?(?:thinnest|weakest)\b"
)
"""How it is asked where the evidence is weakest."""
WHAT_ARE_BOTH = re.compile(r"what(?: is|'s| are| do) (?:the |an? )?(?:\w+ ){1,4}and (?:the |an? )?(?:\w+ ?){1,4}\W*$")
"""How it is asked what two things are."""
SEVERAL_HAN = re.compile("(?:这|那)?几[次场个位]")
"""How several things are told in Chinese, of which something else is asked."""
SUM_UP = re.compile(
    r"\b(?:sum up|summari[sz]e|summary of|overview of|outline|outline of) (?:of )?(?:the|this|your|our) (?:whole )?"
    r"(?:study|theory|thesis|paper|project|chapter|research)\b|(?:概括|总结|概述|介绍)(?:一下)?(?:这个|这项|本|整个)?研究"
)
"""How it is asked what a study is as a whole."""
ALL_AGREE = re.compile(r"\b(?:all|every|each)\b(?: \w+){0,3} agrees?\b|(?:都|一致)(?:同意|认同|支持)")
"""How it is asked on what all cases agree."""
OWN_WORDS = re.compile(
    r"\b(?:abstract|theory|thesis)(?:['’]s(?: own)? \w+)?(?: itself)? (?:counts?|counted|used|taken|serves?|is) "
    r"(?:\w+ )?(?:as )?(?:evidence|proof)\b(?! that)"
    "|(?:摘要|理论|论文).{0,8}(?:算不算|算|能不能当|能否作为|可以作为|是不是|作为).{0,2}证据"
)
"""How it is asked whether the words of the theory are evidence."""
CODE_MEANS = re.compile(
    r"^what (?:does|do) the (?:code|codes|label|category) .+ (?:cover|covers|include|mean|stand for|capture|contain)\b"
    "|(?:代码|编码).+(?:(?:包括|涵盖|涵括|指)(?:什么|哪些)|什么意思|啥意思|的含义|的定义)"
)
"""How it is asked what a code stands for."""
STANCE_MEANS = re.compile(
    r"^(?:what (?:does|is)|how) .*\b(?:mean|meant|means|meaning)\b.*\b(?:qualif\w+|supports?|opposes?|lowered|"
    r"contested|independent|irrelevant|disputed|withdrawn|superseded|weak|moderate|strong|lines?)\b(?: \S+){0,3}$"
    r"|^what (?:does|is|are) ['\"“‘]?(?:qualif\w+|supports?|opposes?|lowered|after lowering|contested)['\"”’]? mean\b"
    "|(?:限定|支持|反对|降级|争议|独立来源)[”’」』]?(?:是|指)?(?:什么意思|啥意思|的含义|的意思)"
)
"""How it is asked what the words mean by which evidence is judged."""
DESIGNED = re.compile(
    r"^(?:did|does|has|have) (?:the |this )?(?:thesis|study|authors?|researchers?|dissertation) "
    r"(?:ever |itself |really )?(?:interview|survey|observe|collect|sample|visit|speak to|talk to|talk with|ask people|"
    r"run experiments|measure)\w*\b"
    "|^(?:论文|这项研究|该研究|本研究|作者)(?:有没有|是否|是不是|有)?(?:做过?|进行过?|用过?|自己)?"
    "(?:访谈|问卷|调查|实地|采访|收集)"
)
"""How it is asked what was done for a study."""
CONCEPTS_ALONE = re.compile(
    r"\b(?:which|what|any|list(?: the)?) concepts? .*\b(?:no|not|never|without|nothing|lack)\b.*"
    r"\b(?:claims?|propositions?|used)\b"
    "|(?:哪些|什么|哪个|有没有)概念.*(?:没有|没|未|无).*(?:主张|命题|用到)"
)
"""How concepts are asked for that no claim has."""
READS_AS = re.compile(
    r"^who (?:reads?|sees?|views?|regards?|understands?|treats?|considers?|describes?|frames?) (?!it as).+ as "
    "(?!evidence)"
    "|^谁把.+(?:看作|看成|视为|当作|当成|理解为|理解成)(?!证据)"
)
"""How it is asked who takes something for something else."""
WHO_CODED = re.compile(r"\bwho coded\b|[是由]?谁(?:来|给|对)?(?:编码|编的码|做的编码)")
"""How it is asked who coded, whatever else is said of what they coded."""
SEARCHES = re.compile(
    r"\b(?:which|what|list|show|all|any) (?:the |of the )?searches\b|(?:哪些|哪几次|有过)(?:查找|检索|搜索)"
)
"""How searches themselves are asked for."""
MOST_CASE = re.compile(
    "(?:谁|哪家|哪个案例|哪一家|哪个城市|哪家医院)(?!.*作者).{0,16}(?:证据|话|引文|支持|反对|限定)?最多"
)
"""How Chinese asks which case has most evidence."""
WHOSE_MOST = re.compile(r"\b(?:which|whose|who)\b.*\bmost\b")
"""How English asks which of several has most."""
REMAINS = re.compile(r"\b(?:remains?|is left|are left)\b|还剩|剩下|还有什么|还有哪些")
"""How it is asked what there is without something."""
BESIDE_STAGE = re.compile(r"what (?:(?:comes|happens|is|goes) )?(?:\w+ )?(?:before|after|precedes|follows|next)\b")
"""How it begins that is asked what comes before or after a stage."""
WHICH_STAGE = re.compile(
    r"(?:(?:in|into|at|during) )?(?:which|what|name|list|tell me) (?:\w+ ){0,2}?(?:stages?|phases?|periods?)\b"
)
"""How it begins that a stage is asked for."""
BEGINS = re.compile(
    r"^(?:from )?when does (?:the )?.{3,40} (?:begin|start|end|count|last)\W*$|^how long does (?:the )?.{3,40} last\W*$"
    "|.{2,10}(?:从|自)?(?:什么时候|何时|哪一?天)(?:开始)?(?:算起|算|计算|开始|起算)[?？]?$|.{2,10}(?:是指|指的是)(?:什么|哪段)"
)
"""How it is asked when a stage begins or ends."""
EVERY_LINE = re.compile(
    r"^(?:please )?(?:list|show|give|what is|what are|which is|all|every) (?:me )?(?:all |every |the |of )*"
    r"(?:\w+ )?(?:evidence|quotes|quotations|lines)\b(?: \w+){0,3} (?:against|for|opposing|supporting|contradicts?) "
    r"(?:the |this |their |our )?(?:authors['’]? )?(?:theory|model|thesis|chapter|study|claims|propositions)\b"
    r"|\b(?:everything|anything|all|whatever) (?:that |which )?(?:speaks|argues|goes|stands|is|counts)(?: \w+)? "
    r"(?:against|for) (?:the |this |their |our )?(?:authors['’]? )?(?:theory|model|thesis|chapter|study|claims)\b"
    "|(?:(?:^|[把请将出])(?:反对|支持|限定)|(?:反对|支持|限定)(?:这个|该|作者的?|本|整个)?(?:理论|模型|论文))的?(?:证据|引文)(?:全部|所有|统统|都|给我|一一){0,3}(?:列|有哪些)"
)
"""How all evidence for or against a theory is asked for."""
WORKED = re.compile(
    r"\bwhat (?:has |have )?(?:worked|works|helped|helps)\b.*\b(?:n['’]t|not|failed|fails)\b"
    "|(?:见效|奏效|管用|有效|成功|做成).{0,10}(?:没有|没|不|失败)|哪些(?:做法|措施|办法|经验).{0,4}(?:见效|奏效|管用|有效|成功)"
)
"""How it is asked what has worked in a case, and what has not."""
BOTH_LISTS = re.compile(
    r"\bcontested\b.*\band\b.*\b(?:supported|solid|settled|undisputed|accepted)\b"
    r"|\b(?:supported|solid|settled|undisputed)\b.*\band\b.*\bcontested\b"
    r"|\bwhich\b.*\b(?:well[ -]founded|well[ -]supported|solid|sound|convincing|holds? up|strong)\b.*\band which\b"
    "|(?:站得住|有支持|可靠|成立|扎实).{0,8}(?:哪些|哪几条).{0,4}(?:有争议|站不住|存疑|还有争议)"
    "|有争议.{0,8}(?:哪些|哪几条).{0,4}(?:站得住|有支持|可靠|成立)"
)
"""How it is asked which claims are contested and which are not."""
FOR_WHOM_NOT = re.compile(
    r"\bfor whom\b.*\b(?:not|n['’]t)\b|\b(?:and|but) (?:for )?who(?:m)? (?:is|does|do) (?:it |this )?n[o'’]t"
    "|对(?:哪些人|谁|哪类人|什么人)(?:来说)?(?:就)?(?:不|没)"
)
"""How it is asked besides for whom something is not so."""
COUNTS_AS_WHICH = re.compile(
    r"\b(?:counts?|counted|coded|judged|taken|line) (?:\w+ ){0,3}(?:as )?(?:for|against|supports?|supporting|opposes?|"
    r"opposing|qualif\w+)\b.{0,12}\bor\b.{0,12}\b(?:for|against|supports?|supporting|opposes?|opposing|qualif\w+)\b"
    "|算(?:是|作)?(?:反对|支持|限定).{0,4}还是.{0,4}(?:反对|支持|限定)"
)
"""How it is asked as what one line counts."""
MUCH_OF = re.compile(r"\bhow much of the (?:evidence|support|opposition)\b")
"""How it is asked how much of the evidence is of a kind."""
WORKS_ON = re.compile(
    "关于.{1,20}的?(?:文献|论文|著作|研究)(?:有哪些|有什么|有没有|都有哪些|列)|有(?:哪些|什么)(?:文献|论文|研究).{0,4}(?:关于|讲|谈|写)"
)
"""How Chinese asks which works are on something."""
NO_LITERATURE = re.compile(
    r"\b(?:claims|propositions|findings|hypotheses|statements)\b.*\b(?:no|without(?: any)?|lack\w*)\b (?:\w+ )?"
    r"(?:literature|publications?|papers?|references?|published (?:work|evidence|studies))\b"
)
"""How claims are asked for on which no publication bears."""
CODE_USED = re.compile(
    "(?:这个|该|那个)(?:码|编码|代码).{0,8}(?:什么时候用|何时用|怎么用|如何用|用法|指什么|什么意思|例子)"
)
"""How Chinese asks when a code is used."""
EXPERIENCE = re.compile(
    r"\b(?:what can (?:we|one) learn from|lessons (?:from|of)|what was the experience of)\b"
    "|(?:有什么|有哪些|的)(?:经验|做法|教训)(?:吗|呢|吧)?[?？]?$"
)
"""How it is asked what a case has shown."""
DEFINITION_OF = re.compile(r"\b(?:a|the|your|their|any) definition of\b|\bdefinition for\b")
"""How a definition is asked for, whatever for."""
WHAT_SUPPORTS = re.compile(
    r"^(?:so |and |but )?what (?:exactly |really |else |then )?"
    r"(?:supports?|opposes?|speaks (?:for|against)|backs|contradicts)\b"
)
"""How the evidence on a claim is asked for."""
REREAD_WHICH = re.compile("(?:复核|复读|重读|重新读|核对|审读|复查)(?:了|过)?.{0,3}(?:哪|几|什么)")
"""How Chinese asks what somebody read again."""
ONLY_AGAINST = re.compile(
    r"\b(?:everything|all(?: the)?(?: evidence)?|every line) (?:\w+ )?(?:speaks|is|are|stands|goes|argues) against\b"
    r"|\b(?:opposed|contradicted|refuted) (?:throughout|by everything|by all)\b|\b(?:only|nothing but) oppos\w+\b"
    r"|\b(?:theory|chapter)\b.*\bcontradict\w*\b.*\b(?:data|evidence|material)\b"
    r"|\b(?:data|evidence|material)\b.*\bcontradicts?\b.*\btheory\b"
    "|一边倒.{0,3}(?:否定|反对)|(?:只有|全是|全部是|都是)(?:反对|反面)(?:的)?(?:证据)?"
)
"""How claims are asked for that have opposing evidence alone."""
STAGES = re.compile(
    "(?:三|两|四|几|各|每)个?(?:阶段|时期).{0,6}(?:从|什么时候|怎么分|怎么划|如何|分别|各是|起止)|阶段.{0,4}(?:怎么分|怎么划|如何划)|"
    r"\b(?:explain|describe|list|name|what are|which are|give me|tell me)\b.{0,20}"
    r"\b(?:the|all) (?:\w+ )?(?:stages|phases)\b|"
    r"^(?:what|which) (?:are|were) the (?:\w+ )?(?:stages|phases)\b.*\b(?:go|goes|pass|passes|through|of)\b"
)
"""How all stages are asked for."""
DOWNGRADED = re.compile(
    r"^(?!why|for what|how come|when|what does|what do|what is|explain|by how|how (?!many)).*"
    r"\b(?:evidence|lines?|quotes?|quotations?|passages?|what|which|any(?:thing)?)\b.*"
    r"(?:\blowered\b(?:\W*$| (?:because|for|as|since|due|by one|by a|one) )|\b(?:downgraded|marked down|downrated)\b)"
    "|(?:哪些|哪几|哪条|哪一条|有没有|列出|有几条|多少条).*(?:降级|降了级|降一级|被降|降低了?强度)"
)
"""How it is asked which evidence was lowered."""
WRONG = re.compile(
    r"^(?:what|where|which \w+|in what|on what|is|does|did|has|how) .*"
    r"\b(?:theory|model|chapter|thesis|framework|abstract)\b.*\b(?:wrong|mistaken|err|errs|erred|incorrect|refuted|"
    r"falsified|fail|fails|failed|break|breaks|overstate\w*|disproved?)\b"
    r"|^(?:what|which) (?:\w+ )?(?:does|did) the (?:theory|model|chapter|thesis) (?:get|got) wrong\b"
    "|(?:理论|模型|这一章|论文).{0,8}(?:错在哪|哪里错|哪里不对|错了|站不住|说错|不成立)"
)
"""How it is asked what a theory is wrong about."""
LISTED = re.compile(r"\b(?:claims|propositions|hypotheses|which|what)\b")
"""How several claims are asked for."""
ORDER = re.compile(r"\b(?:order|sequence)\b|顺序|先后")
"""How it is asked in which order something comes."""
GRADED = re.compile(
    r"^(?:how|by what|who) .{0,12}\b(?:decide|decided|determined?|set|grade|graded|assigned?|chosen?)\b.{0,12}strength"
    r"|^how .{0,12}strengths?\b.{0,20}\b(?:decided|determined|set|graded|assigned|chosen)\b"
    "|(?:强度|强弱|证据等级).{0,4}(?:怎么|如何|怎样|由谁|谁来)|(?:怎么|如何|怎样).{0,4}(?:强度|强弱|证据等级)",
    re.IGNORECASE,
)
"""How it is asked by what rules evidence is strong or weak."""
DEFINED_FIRST = re.compile(
    r"^(?:so )?(?:what(?: is|'s| are)|define|explain) (?!the (?:evidence|support|difference|relation))"
    r"[^?]{2,60}?(?:,| and|\?)+ (?:who|whose|what|which|how|why|is|are|does|do|where|when)\b"
    "|^(?:什么是|什么叫).{1,20}?[,，、；;?？]|^.{1,20}?(?:是什么|是啥|指什么)(?:意思)?[,，、；;?？].",
    re.IGNORECASE,
)
"""How it is asked first what something is, and then more of it."""
HAPPENED = re.compile(r"what(?: has| had|'s)? (?:ever )?(?:happened|became|become|went on|went wrong)\b")
"""How it is asked what became of something."""
HOW_MANY = re.compile(r"\bhow many\b|多少|几[个条篇项家份]")
"""How a number is asked for."""
HOW_LARGE = re.compile(
    r"\bhow (?:large|big|long|extensive) (?:is|was|are) (?:the|this|your|its|their) (?:\w+ )?"
    r"(?:bibliography|references?|reference list|literature|codebook|theory)\b|(?:参考文献|书目|编码表)有?多[长大]"
)
"""How it is asked how many works, codes or claims there are."""
HOW_OFTEN = re.compile(
    r"\bhow (?:often|many (?:times|passages|quotes|quotations|excerpts|segments)|frequently)\b|\bfrequency\b"
    "|多少[次段处]|几[次段处]|多少(?:条引文|引文|段落)|频次|频率|出现次数"
)
"""How it is asked how often a code is used."""
COUNTS_AS = re.compile(
    r"\bcounts? as (?:\w+ )?(?:evidence|proof|support)\b|\b(?:is|are|was|were) .{3,60} (?:evidence|proof) (?:for|of)\b"
    "|(?:算|属于|当作|当成)(?:不算|得上|是|作)?.{0,12}(?:证据|支持)|能不能?(?:算|当).{0,12}证据"
)
"""How it is asked whether something is evidence on a claim."""
UNUSED = re.compile(
    r"\bcoded (?:but|yet|and) (?:not|never|no) |\b(?:passages|quotes|excerpts) (?:that |which )?(?:are |were )?"
    r"(?:not|never) (?:used|evidence|counted)|\bnot used as evidence\b"
    "|编了码.{0,4}(?:没|不|未)[^一]{0,6}证据|(?:没|没有|未|不)(?:当|作为|用作|成为)证据"
)
"""How passages are asked for that are coded and no evidence."""
WEAKEST = re.compile(
    r"\b(?:weakest|thinnest|least|fewest|worst)\b(?: \w+){0,2} ?(?:evidence|support\w*|backing|backed|founded)"
    r"|\b(?:drivers?|factors?|causes?)\b.*\b(?:weakest|thinnest|least|worst)\b"
    r"|\b(?:weakest|worst) (?:\w+ )?(?:driver|factor|cause)"
    "|(?:最弱|最薄弱|最少|最不足|最没有支持|最站不住)"
)
"""How it is asked which of several has least evidence."""
FACTORS = re.compile(
    r"\b(?:drivers?|driving factors?|factors?|causes|determinants|antecedents)\b|驱动因素|影响因素|因素|动因"
)
"""Words for what acts, as a list."""
REAL = re.compile(
    r"^(?:are|is|were) (?:these|those|the|this|that|all)(?: \w+)? "
    r"(?:real|invented|made.?up|fictional|fictitious|genuine)\W*$"
)
"""How it is asked whether what a study tells of is real."""


class Form(NamedTuple):
    """A way of asking that tells the operation by itself.

    Args:
        pattern: what stands in the question, compared without case.
        operation: what it asks for.
        of: kinds of records one of which the question names; any, if none are given.
        never: kinds of records that it does not name.
        alone: whether it names no record.
        words: whether it has words that name nothing; None where that tells nothing.
        stage: whether it names a stage.
        cues: what it asks for besides.
    """

    pattern: re.Pattern[str]
    operation: str
    of: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    alone: bool = False
    words: bool | None = None
    stage: bool = False
    cues: frozenset[str] = frozenset()


FORMS = (
    Form(SUM_UP, "study"),
    Form(SEARCHES, "searches"),
    Form(WHO_CODED, "coders"),
    Form(REREAD_WHICH, "coders", of=frozenset(["coder"])),
    Form(WHAT_SUPPORTS, "evidence", of=frozenset(["proposition"])),
    Form(COUNTS_AS_WHICH, "disputed", words=True),
    Form(MUCH_OF, "count"),
    Form(WORKS_ON, "references", of=frozenset(["concept", "proposition"])),
    Form(EVERY_LINE, "evidence", alone=True),
    Form(WORKED, "claims", of=frozenset(["case"])),
    Form(EXPERIENCE, "claims", of=frozenset(["case"]), never=frozenset(["concept", "proposition"])),
    Form(ONLY_AGAINST, "claims", alone=True, cues=frozenset([REFUTED, OPPOSED])),
    Form(NO_LITERATURE, "claims", alone=True, cues=frozenset([UNPUBLISHED])),
    Form(CODE_USED, "define", of=frozenset(["code", "concept"])),
    Form(DEFINITION_OF, "define", of=frozenset(["concept"])),
    Form(BOTH_LISTS, "claims", alone=True, cues=frozenset([EITHER])),
    Form(BEGINS, "define", stage=True),
    Form(HOW_LONG, "define", stage=True),
    Form(DOWNGRADED, "evidence", never=frozenset(["line"]), cues=frozenset([LOWERED])),
    Form(WRONG, "claims", alone=True, cues=frozenset([REFUTED])),
    Form(STAGES, "stage"),
    Form(HOW_LARGE, "count"),
    Form(WHY_ALONE, "evidence", of=frozenset(["concept", "proposition"]), words=False),
    Form(WHO_IS, "define", alone=True, words=True),
    Form(CODE_MEANS, "define", of=frozenset(["code", "concept"])),
    Form(STANCE_MEANS, "method", alone=True),
    Form(DESIGNED, "study", cues=frozenset(["design"])),
    Form(OWN_WORDS, "method"),
    Form(CONCEPTS_ALONE, "missing"),
    Form(READS_AS, "authors", never=frozenset(["line", "coder", "code"])),
)
"""The ways of asking that tell the operation by themselves, in the order in which they are tried."""
