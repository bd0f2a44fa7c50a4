//! What two members of a household are to each other, from their places in it as written: 户主, 配偶, 子, 孙女, 租客.
//!
//! Registers say how each member is related to the head, never how two members are related to one another; from these
//! two words follows what a child's relation to an adult is. A word that is not known says nothing, and nothing is
//! guessed from it. Pure.

/// Place of a member of a household, as seen from its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// 户主
    Head,
    /// 配偶
    Spouse,
    /// 子女
    Child,
    /// 儿媳, 女婿
    ChildInLaw,
    /// 孙, 外孙
    Grandchild,
    /// 父母, 岳父母, 公婆
    Parent,
    /// 祖父母, 外祖父母
    Grandparent,
    /// 兄弟姐妹
    Sibling,
    /// 侄, 甥 and other relatives
    Relative,
    /// 租客, 合租, 朋友: not related
    Unrelated,
    /// Nothing that is known.
    Unknown,
}

/// What an adult is to a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kin {
    /// Father or mother, or whoever stands in their place in the register.
    Parent,
    /// Grandfather or grandmother.
    Grandparent,
    /// Brother or sister.
    Sibling,
    /// Related otherwise.
    Relative,
    /// Not related.
    Unrelated,
    /// Not told.
    Unknown,
}

/// Words of registers (GB/T 4761, codes of family relations, and how people write them), the longest first where one
/// contains another: 孙 before 子, since 孙子 has both.
const WORDS: &[(&str, Place)] = &[
    ("非亲属", Place::Unrelated),
    ("无亲属", Place::Unrelated),
    ("合租", Place::Unrelated),
    ("租客", Place::Unrelated),
    ("租户", Place::Unrelated),
    ("承租", Place::Unrelated),
    ("房客", Place::Unrelated),
    ("寄住", Place::Unrelated),
    ("寄居", Place::Unrelated),
    ("朋友", Place::Unrelated),
    ("同事", Place::Unrelated),
    ("保姆", Place::Unrelated),
    ("雇", Place::Unrelated),
    ("户主", Place::Head),
    ("本人", Place::Head),
    ("儿媳", Place::ChildInLaw),
    ("媳妇", Place::ChildInLaw),
    ("女婿", Place::ChildInLaw),
    ("曾", Place::Relative),
    ("孙", Place::Grandchild),
    ("外祖", Place::Grandparent),
    ("祖父", Place::Grandparent),
    ("祖母", Place::Grandparent),
    ("爷爷", Place::Grandparent),
    ("奶奶", Place::Grandparent),
    ("外公", Place::Grandparent),
    ("外婆", Place::Grandparent),
    ("姥", Place::Grandparent),
    ("侄", Place::Relative),
    ("甥", Place::Relative),
    ("伯", Place::Relative),
    ("叔", Place::Relative),
    ("姑", Place::Relative),
    ("舅", Place::Relative),
    ("姨", Place::Relative),
    ("表", Place::Relative),
    ("堂", Place::Relative),
    ("配偶", Place::Spouse),
    ("妻", Place::Spouse),
    ("丈夫", Place::Spouse),
    ("夫", Place::Spouse),
    ("公公", Place::Parent),
    ("婆婆", Place::Parent),
    ("岳", Place::Parent),
    ("父", Place::Parent),
    ("母", Place::Parent),
    ("爸", Place::Parent),
    ("妈", Place::Parent),
    ("兄", Place::Sibling),
    ("弟", Place::Sibling),
    ("哥", Place::Sibling),
    ("姐", Place::Sibling),
    ("妹", Place::Sibling),
    ("子", Place::Child),
    ("女", Place::Child),
    ("儿", Place::Child),
    ("亲属", Place::Relative),
];

/// The place that a word names.
pub fn place(word: Option<&str>) -> Place {
    let word = word.unwrap_or_default();
    WORDS.iter().find(|(part, _)| word.contains(part)).map_or(Place::Unknown, |(_, place)| *place)
}

/// What `adult` is to `child`.
pub fn kin(child: Place, adult: Place) -> Kin {
    use Place as P;
    if child == P::Unknown || adult == P::Unknown {
        return Kin::Unknown;
    }
    if adult == P::Unrelated || child == P::Unrelated {
        return if adult == child { Kin::Unknown } else { Kin::Unrelated };
    }
    match (child, adult) {
        (P::Child | P::ChildInLaw, P::Head | P::Spouse)
        | (P::Grandchild, P::Child | P::ChildInLaw)
        | (P::Head | P::Sibling | P::Spouse, P::Parent)
        | (P::Parent, P::Grandparent) => Kin::Parent,
        (P::Child | P::ChildInLaw, P::Parent)
        | (P::Grandchild, P::Head | P::Spouse)
        | (P::Head | P::Sibling | P::Spouse, P::Grandparent) => Kin::Grandparent,
        (P::Child, P::Child) | (P::Sibling, P::Head | P::Sibling) | (P::Head, P::Sibling) => Kin::Sibling,
        _ => Kin::Relative,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(child: &str, adult: &str) -> Kin {
        kin(place(Some(child)), place(Some(adult)))
    }

    #[test]
    fn words_of_registers_are_read_with_the_longer_one_first() {
        assert_eq!(place(Some("孙子")), Place::Grandchild);
        assert_eq!(place(Some("外孙女")), Place::Grandchild);
        assert_eq!(place(Some("儿媳")), Place::ChildInLaw);
        assert_eq!(place(Some("长子")), Place::Child);
        assert_eq!(place(Some("外祖母")), Place::Grandparent);
        assert_eq!(place(Some("父亲")), Place::Parent);
        assert_eq!(place(Some("其他非亲属")), Place::Unrelated);
        assert_eq!(place(Some("其他亲属")), Place::Relative);
        assert_eq!(place(Some("待核")), Place::Unknown);
        assert_eq!(place(None), Place::Unknown);
    }

    #[test]
    fn a_childs_relation_to_an_adult_follows_from_both_places() {
        assert_eq!(of("女", "户主"), Kin::Parent);
        assert_eq!(of("女", "配偶"), Kin::Parent);
        assert_eq!(of("子", "母亲"), Kin::Grandparent);
        assert_eq!(of("孙子", "户主"), Kin::Grandparent);
        assert_eq!(of("孙子", "儿媳"), Kin::Parent);
        assert_eq!(of("子", "女"), Kin::Sibling);
        assert_eq!(of("子", "租客"), Kin::Unrelated);
        assert_eq!(of("户主", "母亲"), Kin::Parent);
    }

    #[test]
    fn what_a_register_does_not_say_stays_unknown() {
        assert_eq!(of("子", "待核"), Kin::Unknown);
        assert_eq!(of("", "户主"), Kin::Unknown);
        assert_eq!(of("租客", "租客"), Kin::Unknown, "two lodgers may be mother and child");
    }
}
