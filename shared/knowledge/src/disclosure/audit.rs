//! The attacker: how far published counts and the sums that must hold narrow every count down.
//!
//! The counts of a finding form a table: a row an arm and a row for all, columns with the event, without it, and both
//! together. Each row and each column adds up, so the counts are a flow around a small network, and the least and the
//! greatest value that a count can have are found exactly, by pushing as much as possible around it both ways. The network
//! is totally unimodular: what holds for fractions holds for whole people.

use std::collections::VecDeque;

/// A capacity that stands for no bound.
const UNBOUNDED: i64 = 1 << 52;

/// A count as it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishedCount {
    /// Shown.
    Shown(u64),
    /// Hidden, and so at least 1: zeros are shown.
    Hidden,
    /// Not published at all, and maybe 0.
    Unpublished,
}

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// With the event.
    Events,
    /// Without it.
    NonEvents,
    /// Both together.
    Persons,
}

/// One count of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// The arm; none for all arms together.
    pub arm: Option<usize>,
    /// The column.
    pub column: Column,
}

/// What an attacker knows of a count: it lies between these, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The least possible value.
    pub low: u64,
    /// The greatest possible value; none where there is no bound.
    pub high: Option<u64>,
}

impl Range {
    /// Whether the range tells a small count: it may be one of 1 to the threshold, and it is narrower than these, or begins
    /// above `least`, which is 1 for one count and the number of arms for their sum (hidden counts are at least 1 each).
    pub fn discloses(self, threshold: u32, least: u64) -> bool {
        let threshold = u64::from(threshold);
        let large = self.low > threshold;
        let zero = self.high == Some(0);
        let wide = self.high.is_none_or(|high| high + 1 >= self.low.max(1) + threshold);
        !(large || zero || (wide && self.low <= least))
    }
}

/// The published counts contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the counts do not add up: arms and population contradict each other")]
pub struct Contradiction;

/// The published counts of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Persons and events of each arm.
    pub arms: Vec<(PublishedCount, PublishedCount)>,
    /// Persons and events of all arms together.
    pub total: (PublishedCount, PublishedCount),
}

impl Counts {
    /// The counts that the published ones give away, and how far they narrow them down.
    ///
    /// # Errors
    /// When no table has these counts.
    pub fn disclosed(&self, threshold: u32) -> Result<Vec<(Quantity, Range)>, Contradiction> {
        let mut ranges = self.ranges()?;
        ranges.retain(|(quantity, range)| {
            let least = if quantity.arm.is_some() { 1 } else { self.arms.len() as u64 };
            range.discloses(threshold, least)
        });
        Ok(ranges)
    }

    /// What an attacker knows of every count, the unpublished ones without the event included.
    ///
    /// # Errors
    /// When no table has these counts.
    pub fn ranges(&self) -> Result<Vec<(Quantity, Range)>, Contradiction> {
        let mut network = Network::new(self);
        network.make_feasible()?;
        Ok((0..network.n_quantities).map(|edge| (network.edges[edge].quantity, network.range(edge))).collect())
    }
}

struct Edge {
    quantity: Quantity,
    from: usize,
    to: usize,
    low: i64,
    high: i64,
    flow: i64,
}

struct Network {
    edges: Vec<Edge>,
    /// Edges that are counts come first; the others only serve to find a first solution.
    n_quantities: usize,
    n_nodes: usize,
}

// Nodes: a column each, the row of all, then a row an arm.
const EVENTS: usize = 0;
const NON_EVENTS: usize = 1;
const PERSONS: usize = 2;
const ALL: usize = 3;
const FIRST_ARM: usize = 4;

impl Network {
    /// Persons flow from their column's node into each arm, from there into the two outcomes' nodes, on into the row of
    /// all, and back.
    fn new(counts: &Counts) -> Self {
        let mut network = Self { edges: Vec::new(), n_quantities: 0, n_nodes: FIRST_ARM + counts.arms.len() };
        for (arm, (persons, events)) in counts.arms.iter().enumerate() {
            let row = FIRST_ARM + arm;
            network.add(Some(arm), Column::Persons, *persons, PERSONS, row);
            network.add(Some(arm), Column::Events, *events, row, EVENTS);
            let derived = PublishedCount::Unpublished;
            network.add(Some(arm), Column::NonEvents, derived, row, NON_EVENTS);
        }
        let (persons, events) = counts.total;
        network.add(None, Column::Persons, persons, ALL, PERSONS);
        network.add(None, Column::Events, events, EVENTS, ALL);
        network.add(None, Column::NonEvents, PublishedCount::Unpublished, NON_EVENTS, ALL);
        network.n_quantities = network.edges.len();
        network
    }

    fn add(&mut self, arm: Option<usize>, column: Column, count: PublishedCount, from: usize, to: usize) {
        let (low, high) = match count {
            PublishedCount::Shown(count) => {
                let count = i64::try_from(count).unwrap_or(UNBOUNDED).min(UNBOUNDED);
                (count, count)
            }
            PublishedCount::Hidden => (1, UNBOUNDED),
            PublishedCount::Unpublished => (0, UNBOUNDED),
        };
        self.edges.push(Edge { quantity: Quantity { arm, column }, from, to, low, high, flow: low });
    }

    /// Finds a flow within all bounds: each node's surplus at the lower bounds is sent to where it lacks.
    fn make_feasible(&mut self) -> Result<(), Contradiction> {
        let mut surplus = vec![0i64; self.n_nodes];
        for edge in &self.edges {
            surplus[edge.to] += edge.flow;
            surplus[edge.from] -= edge.flow;
        }
        let (source, sink) = (self.n_nodes, self.n_nodes + 1);
        self.n_nodes += 2;
        let quantity = Quantity { arm: None, column: Column::Persons };
        let mut needed = 0;
        for (node, &surplus) in surplus.iter().enumerate() {
            let (from, to) = if surplus > 0 { (source, node) } else { (node, sink) };
            self.edges.push(Edge { quantity, from, to, low: 0, high: surplus.abs(), flow: 0 });
            needed += surplus.max(0);
        }
        if self.push(source, sink, None) < needed {
            return Err(Contradiction);
        }
        // The scaffold stays full: it must not serve as a way round later.
        self.edges.truncate(self.n_quantities);
        Ok(())
    }

    /// The least and greatest value of one count.
    fn range(&mut self, edge: usize) -> Range {
        let Edge { from, to, low, high, flow, .. } = self.edges[edge];
        if low == high {
            let value = low.unsigned_abs();
            return Range { low: value, high: (low < UNBOUNDED).then_some(value) };
        }
        let saved: Vec<i64> = self.edges.iter().map(|e| e.flow).collect();
        let up = self.push(to, from, Some(edge)).min(high - flow);
        self.restore(&saved);
        let down = self.push(from, to, Some(edge)).min(flow - low);
        self.restore(&saved);
        let greatest = flow + up;
        Range { low: (flow - down).unsigned_abs(), high: (greatest < UNBOUNDED / 2).then_some(greatest.unsigned_abs()) }
    }

    fn restore(&mut self, flows: &[i64]) {
        for (edge, flow) in self.edges.iter_mut().zip(flows) {
            edge.flow = *flow;
        }
    }

    /// Sends as much as possible from one node to another, along shortest ways (Edmonds and Karp), past one edge.
    fn push(&mut self, source: usize, sink: usize, skip: Option<usize>) -> i64 {
        let mut sent = 0;
        while sent < UNBOUNDED {
            let Some(way) = self.shortest_way(source, sink, skip) else {
                break;
            };
            let room = way.iter().map(|step| self.room(*step)).min().unwrap_or(0);
            for (edge, forward) in way {
                self.edges[edge].flow += if forward { room } else { -room };
            }
            sent += room;
        }
        sent
    }

    fn room(&self, (edge, forward): (usize, bool)) -> i64 {
        let Edge { low, high, flow, .. } = self.edges[edge];
        if forward { high - flow } else { flow - low }
    }

    fn shortest_way(&self, source: usize, sink: usize, skip: Option<usize>) -> Option<Vec<(usize, bool)>> {
        let mut reached_by: Vec<Option<(usize, bool)>> = vec![None; self.n_nodes];
        let mut queue = VecDeque::from([source]);
        while let Some(node) = queue.pop_front() {
            for (index, edge) in self.edges.iter().enumerate() {
                for (forward, start, end) in [(true, edge.from, edge.to), (false, edge.to, edge.from)] {
                    let step = (index, forward);
                    let open = Some(index) != skip && start == node && self.room(step) > 0;
                    if open && end != source && reached_by[end].is_none() {
                        reached_by[end] = Some(step);
                        queue.push_back(end);
                    }
                }
            }
        }
        let mut way = Vec::new();
        let mut node = sink;
        while node != source {
            let (index, forward) = reached_by[node]?;
            way.push((index, forward));
            node = if forward { self.edges[index].from } else { self.edges[index].to };
        }
        Some(way)
    }
}
