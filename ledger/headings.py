"""The headings (表头) of ledgers: every field with the names that bureaus and enterprises give it."""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

# fmt: off
NAMES: dict[str, str] = {
    "serial": "序号 序 项次 行号 no no. 顺序号",
    "number": "隐患编号 编号 隐患编码 隐患序号 编码 问题编号 台账编号 row_id hazard_id id dangerid 流水号 立案编号 文书编号",
    "unit_name": "单位名称 企业名称 隐患单位 场所名称 隐患单位名称 被检查单位 被检单位 受检单位 受检单位名称 被检查单位名称 检查对象 企业 单位 "
                 "公司名称 企业(单位)名称 单位(企业)名称 单位(场所)名称 场所(单位)名称 企业单位名称 存在隐患单位 存在问题单位 问题单位 "
                 "重大火灾隐患单位 重大隐患单位 火灾隐患单位 隐患所在单位 生产经营单位 生产经营单位名称 项目名称 工程名称 门店名称 商户名称 店名 "
                 "商铺名称 曝光单位 违法单位 当事人 unit_anonymised unit unit_name companyname company enterprise 单位全称 企业全称 "
                 "点位名称 场所 受查单位 被查单位 被检查企业 被检企业 受检企业 工地名称 隐患场所 隐患企业 隐患企业名称 学校名称 场所及单位名称 "
                 "使用单位 使用单位名称 店铺名称 矿山名称 产权单位 经营者名称 市场名称 网点名称 水库名称 道路名称 "
                 "路段名称 船名 责任企业 所属企业 涉及单位 营业主体 隐患主体 建设项目 项目部 加油站 公司 户名 门头名称 运输企业 用气单位 用户/单位 对象名称 "
                 "主体名称 存在隐患的单位 检查点位",
    "credit_code": "统一社会信用代码 社会信用代码 信用代码 统一信用代码 社会统一信用代码 统一社会信用编码 tyshxydm credit_code uscc "
                   "组织机构代码/统一社会信用代码 企业信用代码",
    "place_text": "所属区县 所属县区 区县 县区 县(市、区) 县市区 市县 所属乡镇 所属镇街 镇街 乡镇 街道 所属街道 所在街道 镇(街道) 乡镇(街道) "
                  "乡镇街道 所属镇(街道) 所属乡镇(街道) 属地 属地镇街 属地乡镇 所属辖区 辖区 所属区域 区域 所在区域 地区 所属地区 行政区划 "
                  "行政区域 region 所在地 所在乡镇 属地街道 村居 村(社区) 社区 所属社区 镇别 镇 区划",
    "address": "单位地址 企业地址 详细地址 隐患地址 经营地址 生产经营地址 场所地址 注册地址 地址 检查地址 隐患单位地址 所在地址 address 单位(场所)地址 "
               "工程地址 项目地址",
    "sector": "行业领域 行业 所属行业 行业类别 行业类型 领域 行业(领域) 所属行业领域 sector 监管行业 tradetype 行业分类 类型行业 专业领域 所属领域",
    "unit_type": "单位类型 企业类型 场所类型 单位类别 企业类别 单位性质 unit_type 场所类别 企业规模",
    "description": "隐患描述 隐患内容 隐患清单 存在隐患 存在问题 存在的问题 存在的隐患 存在主要问题 存在的主要问题 主要问题 隐患情况 隐患具体情况 "
                   "具体隐患 隐患问题 问题隐患 隐患 问题 问题描述 问题清单 检查发现的问题 检查发现问题 发现问题 发现的问题 发现隐患 隐患详情 "
                   "隐患名称 隐患事项 事故隐患 事故隐患内容 安全隐患 安全隐患内容 火灾隐患 火灾隐患情况 主要隐患 主要隐患内容 隐患具体内容 基本情况 "
                   "隐患基本情况 重大隐患基本情况 具体问题 问题内容 问题及隐患 问题和隐患 问题曝光 隐患和问题 存在安全隐患 "
                   "存在的安全隐患 存在问题及隐患 存在的问题隐患 存在的问题和隐患 违法行为 违法事实 主要违法事实 检查情况 隐患概况 隐患简述 "
                   "隐患主要内容 隐患表述 隐患或问题 不符合项 缺陷描述 hazard_desc hazard description dangerdesc dangername content 检查问题 "
                   "存在隐患(存在问题) 排查出的隐患 排查隐患 查出隐患 查出问题 隐患说明 具体隐患内容 隐患点 隐患(问题)描述 问题(隐患)描述 "
                   "违章行为 三违行为 交办事项 隐患明细 安全隐患名称 具体表现 存在不足 问题点 不符合描述 不安全因素 "
                   "问题及建议 具体描述 举报内容 举报事项 隐患事实 异常描述 异常情况 不合格项 不合格内容 不合格事项 扣分说明 违规行为",
    "location": "隐患部位 隐患位置 隐患地点 部位 位置 具体位置 具体部位 隐患具体位置 隐患具体部位 所在部位 隐患所在部位 隐患区域 隐患所在位置 "
                "存在部位 问题部位 hazard_location location 检查部位 场所部位 设备设施部位 隐患发生部位",
    "level": "隐患级别 隐患等级 级别 隐患类别等级 等级 隐患分级 隐患程度 level_in_notice dangerlevel level 隐患级别(一般/重大) 隐患性质 "
             "是否重大隐患 是否重大事故隐患 是否重大 是否为重大隐患 是否为重大事故隐患 一般/重大 重大/一般",
    "kind": "隐患类型 隐患类别 隐患分类 类别 类型 问题类型 问题类别 hazarddangertype category 隐患种类",
    "found": "发现时间 发现日期 检查时间 检查日期 排查时间 排查日期 隐患发现时间 隐患发现日期 巡查时间 巡查日期 登记时间 登记日期 日期 时间 上报时间 "
             "录入时间 found_date registtime found 督查时间 督查日期 检查(发现)时间 受理时间 抽查时间 检查起止时间 立案时间 发现/检查日期 日期时间",
    "finder": "检查单位 检查机关 检查部门 检查人 检查人员 检查组 排查人 排查人员 排查单位 发现人 发现单位 巡查人 巡查人员 督查单位 督查组 执法机关 "
              "执法人员 执法单位 查出单位 found_by registrant 登记人 检查来源单位 组织检查单位 检查者 排查责任人 检查机构 发现机关 检查单位(人员)",
    "source": "隐患来源 来源 问题来源 检查类型 检查方式 检查形式 检查类别 任务来源 线索来源 notice_type dangersrc source 发现方式 发现途径 "
              "排查类型 检查名称 检查活动",
    "published": "公布日期 发布日期 通报日期 通报时间 曝光时间 曝光日期 published_date 下发时间 下达时间 交办时间 交办日期 发文日期 印发日期 下发日期 "
                 "督办时间 督办日期 挂牌时间 挂牌日期 文书下达时间",
    "responsible_text": "责任单位/督办部门 责任部门 整改单位 整改部门 整改责任部门 责任主体 整改主体 督改责任单位 "
                        "整改落实单位 落实单位 牵头单位 牵头部门 牵头责任单位 responsible_or_supervisor responsible 承办单位 承办部门 "
                        "整改主体单位 责任科室 责任单位(部门) 责任单位及责任人 整改责任主体 责任车间 整改责任单位及责任人 主体责任单位",
    "lead_text": "督办单位 督办部门 监管部门 监管单位 监管责任单位 主管部门 行业主管部门 监管责任部门 行业监管部门 督促单位 督办责任单位 "
                 "督导单位 属地监管单位 负责督办单位 督办责任部门 监管主体",
    "requirement": "整改要求 整改意见 处理意见 整改建议 要求 整改内容 rectify_requirement 检查意见 处置意见 督办要求 处理措施 处置措施 整改意见建议 "
                   "整改目标 处理建议 整改措施及要求 整改措施和要求 整改要求及措施",
    "deadline": "整改期限 整改时限 完成时限 限期 整改截止时间 整改截止日期 要求完成时间 计划完成时间 计划整改完成时间 计划完成整改时间 计划完成日期 "
                "整改完成期限 整改完成时限 限期整改时间 限改时间 限改日期 限期整改日期 处理结果(逐项期限) 督办完成时间 督办期限 督办时限 期限 时限 "
                "截止时间 截止日期 拟完成时间 预计完成时间 规定完成时间 应完成时间 完成期限 deadline_text deadline "
                "整改期限(时间) 限时 整改到期时间 到期时间 计划整改时间 拟整改完成时间 办结时限 整改限期 治理期限 治理时限 责令改正期限 改正期限 逐项期限 "
                "限期整改至 限期整改 整改期 计划完成 计划完成日 整改时间计划 整改时间计划完成 完成时间计划 整改时效 整改天数",
    "deadline_date": "整改期限日期 截止日 deadline_date dangermanagedeadline due_date",
    "report_by": "情况报送期限 报送期限 报送时限 反馈时限 反馈期限 情况反馈时限 书面反馈期限 情况报送时间 report_by 报告期限 回复期限 回复时限 反馈截止时间",
    "status_text": "整改情况 整改状态 是否整改 是否完成整改 是否整改完成 是否已整改 是否整改到位 是否完成 是否销号 是否闭环 整改结果 整改进展 整改进度 "
                   "整改落实情况 完成情况 状态 落实情况 销号情况 办理情况 办理结果 目前状态 当前状态 目前进展 进展情况 整改完成情况 处理情况 "
                   "status_in_notice status dangerstate 隐患状态 隐患整改情况 销号状态 闭环情况 闭环状态 治理情况 处理结果 处置情况 处置结果 "
                   "督办情况 督改情况 整改销号情况 整改销号 是否办结 是否整改闭环 是否按期整改 是否已完成整改 是否已销号 "
                   "销号 进度 整改反馈 整改落实 整改回复 整改完成率 完成率 已整改(是/否) 进展 是否闭合 是否解决 完成与否",
    "finished_on": "实际完成时间 实际完成日期 实际整改完成时间 销号时间 销号日期 整改销号时间 办结时间 办结日期 已完成时间 实际整改时间 "
                   "复查合格时间 闭环时间 完成整改时间 实际完成 整改时间实际 整改时间实际完成 完成时间实际",
    "measures": "整改措施 治理措施 采取措施 防范措施 采取的措施 整改方案 措施 整改治理措施 管控措施 controlmeasures measures 已采取措施 临时措施 "
                "安全措施 防控措施 落实安全措施及应急预案",
    "money": "整改资金 治理经费 整改经费 资金 投入资金 整改投入 治理资金 资金投入 经费 费用 整改费用 cost 落实资金 投入经费 整改金额 落实整改资金",
    "contact": "联系人 联络人 单位联系人 企业联系人 整改责任人 责任人 单位负责人 企业负责人 负责人 主要负责人 整改负责人 liableperson contact 责任人员 "
               "法定代表人 法人 现场负责人 单位责任人",
    "phone": "联系电话 电话 手机 联系方式 电话号码 手机号码 手机号 联系手机 负责人电话 责任人电话 phone 单位电话 联系人电话",
    "remark": "备注 说明 其他 其它 transcription_note remark 备 注 注 备注说明",
}
# A heading that means one thing beside some columns and another without them: the first field still free.
EITHER: dict[str, tuple[str, ...]] = {
    "整改完成时间": ("deadline", "finished_on"),
    "整改完成日期": ("deadline", "finished_on"),
    "完成时间": ("deadline", "finished_on"),
    "完成日期": ("deadline", "finished_on"),
    "整改时间": ("deadline", "finished_on"),
    "隐患整改时间": ("deadline", "finished_on"),
    "隐患整改完成时间": ("deadline", "finished_on"),
    "整改日期": ("deadline", "finished_on"),
    "责任单位": ("unit_name", "responsible_text"),
    "整改责任单位": ("unit_name", "responsible_text"),
    "隐患地址": ("address", "location"),
    "地址": ("address", "location"),
    "地点": ("location", "address"),
    "编号": ("serial", "number"),
    "id": ("number", "serial"),
    "检查情况": ("description", "remark"),
    "基本情况": ("description", "remark"),
    "整改内容": ("description", "requirement"),
    "内容": ("description", "requirement"),
    "描述": ("description", "remark"),
    "名称": ("unit_name", "description"),
    "处理措施": ("measures", "requirement"),
    # Whose part the unit is, or where it stands, beside a column that names it.
    **dict.fromkeys(("所属单位", "工程项目", "业主名称", "托管机构", "厂家", "企业基本信息"), ("unit_name", "remark")),
    **dict.fromkeys(("巡查点位", "标段", "站点名称", "仓库名称", "加工点", "景区"), ("unit_name", "location")),
    "检查结果": ("description", "remark"),
    "整改事项": ("description", "requirement"),
    "整改项目": ("description", "requirement"),
    **dict.fromkeys(
        ("隐患责任单位", "隐患整改责任单位", "隐患整改单位", "隐患治理责任单位", "问题责任单位", "问题整改责任单位"),
        ("unit_name", "responsible_text"),
    ),
}
# Last resort, for headings nobody has written down yet; the order matters, and "" is none of the fields.
PATTERNS: tuple[tuple[str, str], ...] = (
    (r"^(计划|拟|应|预计).*(时间|日期)", "deadline"),
    (r"实际.*(时间|日期)|(复查|验收)合格.*(时间|日期)|销号.*(时间|日期)", "finished_on"),
    (r"(验收|复查|复核).*(时间|日期)", ""),  # often filled in beforehand, and later than the work itself
    (r"(报送|反馈|回复).*(时限|期限|时间|日期)", "report_by"),
    (r"^(责任|预案|机构|人员).*落实", ""),  # 五落实 in five columns
    (r"^资金.*落实", "money"),
    (r"^时限.*落实", "deadline"),
    (r"^措施.*落实", "measures"),
    (r"(整改|完成|治理|办结|改正|督办).*(时限|期限|截止|限期|时间|日期)|(计划|预计|拟|限期?|截止|规定).*(时间|日期)", "deadline"),
    (r"信用代码", "credit_code"),
    (r"^是否.*重大|(隐患|问题).*(级别|等级)", "level"),
    (r"(隐患|问题).*(部位|位置|地点)", "location"),
    (r"(隐患|问题).*(来源)", "source"),
    (r"(隐患|问题).*(类型|类别|分类)", "kind"),
    (r"(隐患|问题).*(编号|编码)", "number"),
    # 检验日期 is an appliance's, 下次检查时间 another visit's.
    (r"^(?!下次|上次|最近|检验|检定).*([检排巡督抽自夜稽]查|查验|评审|巡[检视线]|[安例受]检|检测|发现|暗访|督导|入户|走访|摸排|评估|服务|指导).*(时间|日期|时点|年月日)",
     "found"),
    (r"^[被受].*(单位|企业|场所|对象)(名称)?$", "unit_name"),
    (r"(检查|排查|发现|巡查|督查|执法|登记|上报).*(单位|部门|机关|人员|人|组)$", "finder"),
    (r"^(?!.*(整改|治理|责任|监管|督办)).*(隐患|经营|生产).*(单位|企业|场所)(名称)?$", "unit_name"),
    (r"(整改|治理).*(资金|经费|费用|金额)", "money"),
    (r"(整改|治理|防范).*措施", "measures"),
    (r"(整改|处理|处置).*(要求|意见|建议)", "requirement"),
    (r"(上报|立案|告知|公示|公告|图片|照片|对比).*(情况|说明|结果)$", ""),
    (r"(整改|治理|整治|处理|处置|消除|解决|办理|办结|督办|关闭|销号|闭环|完成|落实|改正|纠正|改善|消缺|闭合|结案|摘牌).*(情况|状态|状况|进展|结果|进度|与否)",
     "status_text"),
    (r"(复查|验收|复核|核查|核验).*(情况|结果|结论|意见)", "status_text"),
    (r"(整改|责任).*(单位|部门)", "responsible_text"),
    (r"(隐患|问题).*(描述|内容|情况|清单|表现|事项|详情|简述|说明|问题)|^(存在|发现|查出|主要|具体|检查|排查).*(隐患|问题)$", "description"),
    (r"(隐患|问题)名称$", "description"),
    (r"^(隐患|问题)[0-9一二三四五六七八九十]+$", "description"),
    (r"^(要求|承诺|目标|最迟|限定|规定).*(时间|日期|日)$|时间节点|到期日|最后期限", "deadline"),
    (r"^(?!.*(使用|有效|保质|质保|保管|检验|检定)).*(时限|期限)$", "deadline"),
    (r"落实.*措施", "measures"),
    # 是否限期整改 tells of an order, not of the work.
    (r"^是否(?!.*(限期|责令|下达|当场|立即|立案|处罚|需|挂牌|计划|列入|纳入|制定)).*(整改|销号|闭环|完成|办结|整治|关闭|消除|清零|验收|合格|到位|改正|纠正|消缺)|整改与否"
     r"|^(隐患|问题|整改).*是否.*(整改|完成|到位)", "status_text"),
    (r"^(?!检查|执法|督办|监管|整改|责任|填报).*(企业|单位|场所|公司|机构|店|站|矿|校|院|项目|小区|景区|主体|户|厂|作坊|工地|市场)(名称|全称)$",
     "unit_name"),
    (r"^(经营户|商户|工厂|市场主体|[检巡督排抽]查对象|被检查对象|检查企业|施工单位|户主)$", "unit_name"),
    (r"^(?!是否|有无).*(隐患|问题)$|^违法违规行为$|^现场检查情况$|^隐患现状$", "description"),
)
# fmt: on

_PATTERNS = tuple((re.compile(pattern), field) for pattern, field in PATTERNS)
_BRACKETS = re.compile(r"[(\[【][^)\]】]*[)\]】]")
_NOISE = re.compile(r"[\s*:：#_﻿]+")
_JOINTS = re.compile(r"[、/,;和与及]")
# 发现隐患（条） heads figures of a summary, not descriptions.
_COUNTED = re.compile(r"\((?:条|个|项|处|家|户|起|次|数|数量)\)$|(?:隐患|问题)(?:总?数量?|条数|个数)$")
# Two things in one cell that can be told apart again; of others the one that a hazard can least do without.
PAIRS = {frozenset(("found", "finder")): "found+finder", frozenset(("contact", "phone")): "contact+phone"}
WANTED_FIRST = ("description", "deadline")
LONGEST = 40  # characters; what is longer is a sentence


def named(field: str) -> str:
    """What a field, or two in one column, is called in Chinese."""
    return "、".join(NAMES[each].split()[0] for each in field.split("+"))


@lru_cache(maxsize=1)
def _simplified() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=8192)
def bare(heading: str) -> str:
    """A heading for matching only: NFKC, simplified script, lower case, no blanks or marks."""
    text = _NOISE.sub("", unicodedata.normalize("NFKC", heading)).lower()
    return text if text.isascii() else str(_simplified().convert(text))


_EITHER = {bare(name): fields for name, fields in EITHER.items()}
_EXACT = {bare(name): field for field, names in NAMES.items() for name in names.split(" ") if name}
LONGEST_NAME = max(map(len, _EXACT))


@lru_cache(maxsize=8192)
def exactly(heading: str) -> tuple[str, ...]:
    """The fields a heading names by a written-down synonym: none, one, a pair in one cell, or alternatives."""
    name = bare(heading)
    if _COUNTED.search(name):
        return ()
    plain = _BRACKETS.sub("", name)
    # 五定: 定责任单位, 定整改期限 …
    for form in dict.fromkeys((name, plain, plain.removeprefix("定"))):
        if form in _EITHER:
            return _EITHER[form]
        if form in _EXACT:
            return (_EXACT[form],)
    parts = [part for part in _JOINTS.split(plain) if part]
    # 隐患部位及内容 leaves out the second 隐患.
    fields = tuple(dict.fromkeys(_EXACT.get(part) or _EXACT.get(f"隐患{part}", "") for part in parts))
    if len(parts) < 2 or not all(fields):
        return ()
    return (PAIRS.get(frozenset(fields)) or next((field for field in WANTED_FIRST if field in fields), fields[0]),)


@lru_cache(maxsize=8192)
def recognised(heading: str) -> tuple[str, ...]:
    """As `exactly`, falling back on the patterns of likely headings."""
    if len(heading) > LONGEST or _COUNTED.search(bare(heading)):
        return ()
    if fields := exactly(heading):
        return fields
    name = _BRACKETS.sub("", bare(heading))
    field = next((field for pattern, field in _PATTERNS if pattern.search(name)), "")
    return (field,) if field else ()
